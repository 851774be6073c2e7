import { from, type Observable, type ObservableInput } from 'rxjs';
import { All } from '../event/All.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { Delivery } from '../flow/contract/Delivery.js';
import { checkSizeOf, DELIVERY } from '../flow/contract/deliveryOptions.js';
import { OptionError } from '../flow/contract/OptionError.js';
import {
  abortSignal,
  aFunction,
  anything,
  checkOptions,
  closing,
  flag,
  type Check,
  type Checks,
} from '../flow/contract/options.js';
import type { Signal } from '../flow/contract/Signal.js';
import type { After } from '../flow/contract/Served.js';
import { noLanes } from '../flow/loop/noLanes.js';
import { checkStrategies } from '../flow/mailbox/MailboxSettings.js';
import { projected } from '../flow/mailbox/Work.js';
import type { Late, ReplayLog } from './ReplayLog.js';
import type { Registration } from './Subscriber.js';

/** Default `stallAfter` of a broker's subscriber, in ms (promise B15: a stall is announced). */
const DEFAULT_STALL_AFTER = 10_000;

/** Any subscriber that `subscribe` accepts, without the types of its events. */
export type AnySubscriber<E extends AnyEvent> = Registration<E['type']> &
  Delivery<E> & {
    readonly since?: Since<E>;
    readonly abortable?: boolean;
    readonly next?: ((event: E, signal?: Signal) => unknown) | undefined;
    readonly nextBatch?: ((events: readonly E[], signal?: Signal) => unknown) | undefined;
  };

/** A subscriber whose options are valid, and were read once. */
export interface CheckedSubscriber<E extends AnyEvent> {
  readonly delivery: Delivery<E> & { readonly abortable?: boolean };
  readonly types: readonly (E['type'] | All)[];
  readonly call: ((event: E, signal?: Signal) => unknown) | undefined;
  readonly callBatch: ((events: readonly E[], signal?: Signal) => unknown) | undefined;
  /** Gets what the work of `call` emits. */
  readonly emitted: ((value: unknown) => void) | undefined;
  readonly stallAfter: number;
  readonly closed$: Observable<unknown> | undefined;
  readonly signal: Signal | undefined;
  readonly drainsOnClose: boolean;
  /** Returns the size of an event in bytes. */
  readonly sizeOf: SizeOf<E> | undefined;
  /** Its replay, with `since`. */
  readonly late: Late<E> | undefined;
  /** Whether even synchronous deliveries go through the mailbox. */
  readonly needsMailbox: boolean;
  /** Whether a throw is not the end of a delivery: `retry` tries again, or `onFailure` is a function. */
  readonly mayGoOn: boolean;
  /** Whether `onFailure` is a function that takes failed deliveries. */
  readonly mayTake: boolean;
}

type SizeOf<E> = (event: E) => number;
type Since<E> = 'replay' | After<E>;

/** The broker's options that each of its subscribers needs. */
export interface Common<E extends AnyEvent> {
  readonly sizeOf: SizeOf<E> | undefined;
  readonly log: ReplayLog<E> | undefined;
}

export const types: Check = {
  expected: 'an array of strings',
  allows: value => Array.isArray(value) && value.every(type => typeof type === 'string' || type === All),
};

/** The types of a view. */
export const namedTypes: Check = {
  expected: 'one or more event types',
  allows: value => Array.isArray(value) && value.length > 0 && value.every(type => typeof type === 'string'),
};

const REGISTRATION: Checks = {
  ...DELIVERY,
  // checked by the replay log
  since: anything,
  types,
  closed$: closing,
  signal: abortSignal,
  drainOnClose: flag,
};
const SUBSCRIBER: Checks = { ...REGISTRATION, next: aFunction, nextBatch: aFunction };
const LOOP: Checks = { ...REGISTRATION, lanes: noLanes };
const STREAM: Checks = { ...REGISTRATION, project: aFunction };

/** Checks the options of a subscriber, and reads each of them once. */
export const checkedSubscriber = <E extends AnyEvent>(
  call: string,
  subscriber: AnySubscriber<E>,
  common: Common<E>,
  only?: Only<E>,
): CheckedSubscriber<E> => {
  const read = checkOptions(call, subscriber, SUBSCRIBER);
  if (typeof read.next === typeof read.nextBatch)
    throw new OptionError('next, nextBatch', 'exactly one of them', read.next === undefined ? 0 : 2);
  return {
    ...registered(read, common, only, read.next === undefined),
    call: handler(subscriber, 'next', read.next),
    callBatch: withCopy(handler(subscriber, 'nextBatch', read.nextBatch)),
    emitted: undefined,
  };
};

/** The options of any stream, without the types of its events. */
export type AnyStream<E extends AnyEvent> = Registration<E['type']> &
  Delivery<E> & {
    readonly since?: Since<E>;
    readonly abortable?: boolean;
    readonly project?: (event: E, signal?: Signal) => ObservableInput<unknown>;
  };

/** The same for a stream: it passes what it delivers to `emit`. */
export const checkedStream = <E extends AnyEvent>(
  stream: AnyStream<E>,
  emit: (value: unknown) => void,
  common: Common<E>,
  only?: Only<E>,
): CheckedSubscriber<E> => {
  const read = checkOptions('stream', stream, STREAM);
  const project = handler(stream, 'project', read.project);
  // nothing waits for work downstream of a stream: without `project` it would queue up in an unbounded array
  if (read.required && project === undefined)
    throw new OptionError('project', 'the work of a required stream', undefined);
  return {
    ...registered(read, common, only),
    call:
      project === undefined
        ? emit
        : (event, signal) => projected(signal === undefined ? project(event) : project(event, signal)),
    callBatch: undefined,
    emitted: emit,
  };
};

/** The options of any loop, without the types of its events. */
export type AnyLoop<E extends AnyEvent> = Registration<E['type']> & Delivery<E> & { readonly since?: Since<E> };

/** The same for a loop. Its `call` is added when the loop begins. */
export const checkedLoop = <E extends AnyEvent>(
  loop: AnyLoop<E>,
  common: Common<E>,
  only?: Only<E>,
): Omit<CheckedSubscriber<E>, 'call'> => ({
  ...registered(checkOptions('iterate', loop, LOOP), common, only),
  callBatch: undefined,
  emitted: undefined,
});

/** The types of a view, which are its `All`. Any other type is an `OptionError`. */
type Only<E extends AnyEvent> = readonly E['type'][] | undefined;

const within = <E extends AnyEvent>(
  only: Only<E>,
  asked: readonly (E['type'] | All)[],
): CheckedSubscriber<E>['types'] => {
  if (only === undefined) return asked;
  for (const type of asked)
    if (type !== All && !only.includes(type)) throw new OptionError('types', `one of ${only.join(', ')}`, type);
  return asked.length === 0 || asked.includes(All) ? only : asked;
};

const registered = <E extends AnyEvent>(
  read: Registration<E['type']> & CheckedSubscriber<E>['delivery'] & { readonly since?: Since<E> },
  { sizeOf, log }: Common<E>,
  only: Only<E>,
  isBatch = false,
): Omit<CheckedSubscriber<E>, 'call' | 'callBatch' | 'emitted'> => {
  checkSizeOf('eventBroker', read, sizeOf);
  checkStrategies(read, isBatch);
  if (read.since !== undefined && log === undefined)
    throw new OptionError('since', 'the option replay of eventBroker as well', read.since);
  const mayTake = read.required && typeof read.onFailure === 'function';
  return {
    delivery: read,
    types: within(only, read.types ?? []),
    stallAfter: read.stallAfter ?? DEFAULT_STALL_AFTER,
    closed$: read.closed$ === undefined ? undefined : from(read.closed$),
    signal: read.signal,
    drainsOnClose: read.drainOnClose === true,
    sizeOf,
    late: read.since === undefined ? undefined : log!.late(read.since, read),
    mayGoOn: read.retry !== undefined || mayTake,
    mayTake,
    needsMailbox: read.hold$ !== undefined || read.abortable === true || read.gather !== undefined || hasOwnBound(read),
  };
};

/** Whether an option applies to every event: a bound in bytes, a strategy, or a scheduler that calls the handler. */
const hasOwnBound = (delivery: Delivery<never>): boolean =>
  delivery.required
    ? delivery.highWaterMarkBytes !== undefined ||
      delivery.lanes !== undefined ||
      typeof delivery.onFailure === 'object'
    : delivery.capacityBytes !== undefined || delivery.observeOn !== undefined || typeof delivery.overflow === 'object';

/** Returns an own property as it is, to be called without a receiver; binds a method of a class once (promise B2). */
const handler = <F extends ((...args: never[]) => unknown) | undefined>(subscriber: object, key: string, call: F): F =>
  call === undefined || Object.hasOwn(subscriber, key) ? call : (call.bind(subscriber) as F);

/** Gives the handler a copy, which it may change: counts, notices and retries use the original batch. */
const withCopy = <E extends AnyEvent>(call: CheckedSubscriber<E>['callBatch']): CheckedSubscriber<E>['callBatch'] =>
  call && ((events, signal) => (signal === undefined ? call(events.slice()) : call(events.slice(), signal)));
