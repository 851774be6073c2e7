import type { Overflow } from 'rx-event-broker';

export type Type = 'A' | 'B';

export interface Sent {
  readonly type: Type;
  readonly n: number;
}

export const numbers = (events: readonly Sent[]): string => events.map(({ n }) => n).join(',');

/** A subscriber as a test says it. Keys count from 1, in the order of subscription. */
export interface Member {
  readonly required: boolean;
  /** `undefined`: all. */
  readonly types: readonly Type[] | undefined;
  readonly batch: boolean;
  /** The high-water mark of a required one, the capacity of an optional one. */
  readonly bound: number;
  readonly overflow: Overflow;
  readonly onFailure: 'stop' | 'continue';
  /** Further tries of a delivery that fails; with 0 it is asked to retry, and never does. */
  readonly retry: number | undefined;
  readonly drainOnClose: boolean;
  /** Whether it has a `hold$`. */
  readonly holds: boolean;
  readonly mode: Mode;
}

/** How a delivery goes: done within the call, by work that ends later, or within its subscription. */
export type Mode = 'sync' | 'later' | 'instant' | 'alternating';
export type Outcome = 'done' | 'later' | 'instant' | 'throw' | 'instantFail';

/** What a test does from outside, or a subscriber does inside its next delivery. `who` is a key. */
export type Act =
  | { readonly do: 'send'; readonly type: Type }
  | { readonly do: 'sendBatch'; readonly types: readonly Type[] }
  | { readonly do: 'acknowledge' | 'fail' | 'unsubscribe' | 'closed'; readonly who: number }
  | { readonly do: 'skip' | 'hold'; readonly who: number; readonly level: boolean }
  | { readonly do: 'subscribe'; readonly member: Member }
  | { readonly do: 'drain' | 'close' };

/** The broker, or its model: what can be done to it, and what can be seen. */
export interface World {
  send(event: Sent): boolean;
  sendBatch(events: readonly Sent[]): boolean;
  acknowledge(key: number): void;
  fail(key: number): void;
  unsubscribe(key: number): void;
  closed(key: number): void;
  skip(key: number, level: boolean): void;
  hold(key: number, level: boolean): void;
  subscribe(member: Member): void;
  drain(): void;
  close(): void;
  look(): View;
}

export interface Row {
  readonly id: number;
  readonly key: number;
  readonly saturated: boolean;
  readonly tally: readonly [
    offered: number,
    delivered: number,
    failed: number,
    dropped: number,
    skipped: number,
    pending: number,
  ];
}

export interface View {
  readonly sent: number;
  readonly unrouted: number;
  readonly saturated: boolean;
  readonly rows: readonly Row[];
  /** By key, in order. */
  readonly notices: Readonly<Record<number, readonly string[]>>;
}
