import type { Member } from './World.js';

/** How a subscriber takes what fails: in a parking, or with a function. */
export interface Takes {
  readonly by: 'park' | 'function';
  /** The name of the subscriber, by which what is parked is found. */
  readonly name: 'x' | 'y';
  /** Whether the order of each key is kept, without lanes. */
  readonly isKeyed: boolean;
  readonly most: number;
  /** Whether it says which failures are taken. */
  readonly hasOnly: boolean;
  /** Whether its answers are awaited. */
  readonly isSlow: boolean;
}

/** What is called: a parking that is asked, or stores; a function as `onFailure`; `only`. */
export type Calls = 'ask' | 'park' | 'take' | 'only';

/**
 * How a call goes. `instant`: by work that ends within its subscription. `full`: throws that the parking is full. `odd`: gives
 * what it must not give. `no`: `only` is false.
 */
export type Answer = 'done' | 'later' | 'instant' | 'throw' | 'instantFail' | 'full' | 'odd' | 'no';

/** Who gets again what is parked. */
export interface Again {
  readonly member: Member;
  /** Whether some are left out. */
  readonly isPicky: boolean;
  readonly limit: number | undefined;
}

/** Whether a picky replay gives an event. */
export const isPicked = ({ n }: { readonly n: number }): boolean => n % 4 !== 1;

/** The keys of who gets again what is parked: of the first one, and so on. */
export const FIRST_AGAIN = 11;
