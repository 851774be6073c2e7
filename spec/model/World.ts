import type { Overflow } from 'rx-event-broker';
import type { Again, Answer, Calls, Takes } from './Taking.js';

export type Type = 'A' | 'B';

export interface Sent {
  readonly type: Type;
  readonly n: number;
}

export const numbers = (events: readonly Sent[]): string => events.map(({ n }) => n).join(',');

/** The bytes of an event; `undefined`: `sizeOf` throws. */
export const bytesOf = ({ n }: Sent): number | undefined => (n % 9 === 4 ? undefined : n % 4);

/** The key of an event; `undefined`: the key function throws. */
export const keyOf = ({ n }: Sent): number | undefined => (n % 11 === 7 ? undefined : n % 3);

/** The bytes of a call; what has no size counts as nothing. */
export const bytesOfAll = (events: readonly Sent[]): number =>
  isSized(events) ? events.reduce((sum, event) => sum + bytesOf(event)!, 0) : 0;

export const isSized = (events: readonly Sent[]): boolean => events.every(event => bytesOf(event) !== undefined);

/** A subscriber as a test says it. Keys count from 1, in the order of subscription. */
export interface Member {
  readonly required: boolean;
  /** `undefined`: all. */
  readonly types: readonly Type[] | undefined;
  readonly batch: boolean;
  /** The high-water mark of a required one, the capacity of an optional one. */
  readonly bound: number;
  /** The same in bytes. */
  readonly bytes?: number | undefined;
  readonly overflow: Overflow | 'keepLatest';
  /** How many deliveries of a required one may be in flight. Without `batch`, of each key one. */
  readonly lanes?: number | undefined;
  /** How many events may have finished before the oldest unfinished one, if it takes what fails. */
  readonly maxAhead?: number | undefined;
  /** The most events of a delivery of one with `batch`, up to its bound. Default: what comes together stays together. */
  readonly gather?: number | undefined;
  readonly onFailure: 'stop' | 'continue';
  /** What takes that which fails, in the place of `onFailure`. */
  readonly takes?: Takes | undefined;
  /** Further tries of a delivery that fails; with 0 it is asked to retry, and never does. */
  readonly retry: number | undefined;
  readonly drainOnClose: boolean;
  /** Whether it has a `hold$`. */
  readonly holds: boolean;
  readonly mode: Mode;
  /** Default: `observable`. */
  readonly shape?: Shape;
  /** Its `missed` throws. */
  readonly missedThrows?: boolean;
  /** Leaving its `skip$`, `hold$` or `closed$` throws. */
  readonly levelsTear?: boolean;
  /** This one errors as soon as it is subscribed to. */
  readonly breaks?: Level | undefined;
  /** What it gets first: what was kept, or that after an event. `never` finds none; `throws`: so does `after`. */
  readonly since?: 'replay' | 'never' | 'throws' | 'last' | undefined;
  /** Its name is one that is no text. */
  readonly oddName?: boolean;
}

/** What a broker keeps for late subscribers. */
export interface Keeps {
  readonly events: number;
  readonly bytes: number | undefined;
  /** Whether only the latest of each key is kept. */
  readonly byKey: boolean;
}

/** Whether an event is the last that a late subscriber had. Throws if it says so. */
export const wasLast = (since: Member['since'], { n }: Sent): boolean => {
  if (since === 'throws' && n % 2 === 0) throw new Error('after');
  return since === 'last' && n % 4 === 2;
};

export type Level = 'skip' | 'hold' | 'closed';

/** What a handler returns as its work: an Observable, one whose teardown throws, an object with a `then`, a Promise. */
export type Shape = 'observable' | 'torn' | 'thenable' | 'promise';

/** How a delivery goes: done within the call, by work that ends later, or within its subscription. The last two fail. */
export type Mode = 'sync' | 'later' | 'instant' | 'alternating' | 'getterThrows' | 'thenThrows';

/** How one delivery goes. The last two return an object whose `then` throws when it is read, or when it is called. */
export type Outcome = 'done' | 'later' | 'instant' | 'throw' | 'instantFail' | 'getterThrows' | 'thenThrows';

/** What a test does from outside, or a subscriber does inside its next delivery. `who` is a key. */
export type Act =
  /** `n`: its number. Default: the next one. */
  | { readonly do: 'send'; readonly type: Type; readonly n?: number }
  | { readonly do: 'sendBatch'; readonly types: readonly Type[] }
  /** Of what is in flight, `nth` says which. Default: the oldest. `isFull`: the error says that a parking is full. */
  | {
      readonly do: 'acknowledge' | 'fail';
      readonly who: number;
      readonly nth?: number | undefined;
      readonly isFull?: boolean;
    }
  /** What is parked is given again, to a consumer of its own. */
  | ({ readonly do: 'again' } & Again)
  /** What is parked under this id is removed. */
  | { readonly do: 'discard'; readonly id: number }
  | { readonly do: 'unsubscribe' | 'closed'; readonly who: number }
  | { readonly do: 'skip' | 'hold'; readonly who: number; readonly level: boolean }
  | { readonly do: 'subscribe'; readonly member: Member }
  | { readonly do: 'drain' | 'close' }
  /** A source is received; it reads what is settled; it emits. */
  | { readonly do: 'receive' | 'read' }
  | { readonly do: 'emit'; readonly type: Type; readonly n?: number }
  /** Something that is no event, alone or between two events of a batch; or an event whose type cannot be read. */
  | { readonly do: 'sendOdd'; readonly what: 'undefined' | 'null' | 'hole' | 'unreadable'; readonly batch: boolean }
  /** A level errors. */
  | { readonly do: 'break'; readonly who: number; readonly what: Level }
  /** Whether the notices are observed. */
  | { readonly do: 'observe'; readonly level: boolean }
  /** Somebody else observes them, and throws at the next one: in the end, or in an operator before it. */
  | { readonly do: 'listen'; readonly how: Listening }
  | { readonly do: 'console'; readonly how: Console };

export type Listening = 'observer' | 'operator';
/** `picky`: throws unless it is given text alone. */
export type Console = 'works' | 'picky' | 'throws';

/** What a handler does with a delivery. */
export type Handle = (key: number, events: readonly Sent[], mode: Mode) => Outcome;

/** What takes failures does with a call: a parking, a function, or what says which failures are taken. */
export type Answers = (call: Calls, key: number, events: readonly Sent[], isSlow: boolean) => Answer;

/** What the teardown of work does, before it throws. */
export type Tears = (key: number) => void;

/** The broker, or its model: what can be done to it, and what can be seen. */
export interface World {
  send(event: Sent): boolean;
  sendBatch(events: readonly Sent[]): boolean;
  acknowledge(key: number, nth?: number): void;
  fail(key: number, nth?: number, isFull?: boolean): void;
  again(again: Again): void;
  discard(id: number): void;
  unsubscribe(key: number): void;
  closed(key: number): void;
  skip(key: number, level: boolean): void;
  hold(key: number, level: boolean): void;
  subscribe(member: Member): void;
  drain(): void;
  close(): void;
  receive(): void;
  read(): void;
  emit(event: Sent): void;
  break(key: number, what: Level): void;
  observe(level: boolean): void;
  listen(how: Listening): void;
  console(how: Console): void;
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
  /** What the source that reads it knows to be settled, and whether nothing more will be. */
  readonly settled: readonly [settled: number, ended: boolean] | undefined;
  /** By key, in order. */
  readonly notices: Readonly<Record<number, readonly string[]>>;
}
