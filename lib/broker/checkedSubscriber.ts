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

/** Milliseconds without progress after which a subscriber of a broker is announced, unless it says otherwise (B15). */
const DEFAULT_STALL_AFTER = 10_000;

/** A subscriber as the broker takes it: any of those that `subscribe` accepts, its types of events forgotten. */
export type AnySubscriber<E extends AnyEvent> = Registration<E['type']> &
  Delivery<E> & {
    readonly since?: Since<E>;
    readonly abortable?: boolean;
    readonly next?: ((event: E, signal?: Signal) => unknown) | undefined;
    readonly nextBatch?: ((events: readonly E[], signal?: Signal) => unknown) | undefined;
  };

/** What a member is made of: a subscriber whose options were read once, and are valid. */
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
  /** The bytes of an event. */
  readonly sizeOf: SizeOf<E> | undefined;
  /** What it gets first. */
  readonly late: Late<E> | undefined;
  /** Whether each of its deliveries needs the mailbox, also one that is done within its call. */
  readonly needsMailbox: boolean;
  /** Whether something follows when its call throws: another try, or `onFailure` takes it. */
  readonly mayGoOn: boolean;
  /** Whether a function takes what fails. */
  readonly mayTake: boolean;
}

type SizeOf<E> = (event: E) => number;
type Since<E> = 'replay' | After<E>;

/** What subscribers of a broker have in common. */
export interface Common<E extends AnyEvent> {
  readonly sizeOf: SizeOf<E> | undefined;
  readonly log: ReplayLog<E> | undefined;
}

/** An array of types. */
export const types: Check = {
  expected: 'an array of strings',
  allows: value => Array.isArray(value) && value.every(type => typeof type === 'string' || type === All),
};

/** The types of a view. */
export const namedTypes: Check = {
  expected: 'one or more types of events',
  allows: value => Array.isArray(value) && value.length > 0 && value.every(type => typeof type === 'string'),
};

const REGISTRATION: Checks = {
  ...DELIVERY,
  // looked at by the log
  since: anything,
  types,
  closed$: closing,
  signal: abortSignal,
  drainOnClose: flag,
};
const SUBSCRIBER: Checks = { ...REGISTRATION, next: aFunction, nextBatch: aFunction };
const LOOP: Checks = { ...REGISTRATION, lanes: noLanes };
const STREAM: Checks = { ...REGISTRATION, project: aFunction };

/** Checks a subscriber before anything is done with it, and takes from it what a member is made of. */
export const checkedSubscriber = <E extends AnyEvent>(
  call: string,
  subscriber: AnySubscriber<E>,
  common: Common<E>,
  only?: Only<E>,
): CheckedSubscriber<E> => {
  const read = checkOptions(call, subscriber, SUBSCRIBER);
  if (typeof read.next === typeof read.nextBatch)
    throw new OptionError('next, nextBatch', 'one of them', read.next === undefined ? 0 : 2);
  return {
    ...registered(read, common, only, read.next === undefined),
    call: handler(subscriber, 'next', read.next),
    callBatch: withCopy(handler(subscriber, 'nextBatch', read.nextBatch)),
    emitted: undefined,
  };
};

/** A stream as it is given, its types of events forgotten. */
export type AnyStream<E extends AnyEvent> = Registration<E['type']> &
  Delivery<E> & {
    readonly since?: Since<E>;
    readonly abortable?: boolean;
    readonly project?: (event: E, signal?: Signal) => ObservableInput<unknown>;
  };

/** The same for a stream, which gives to `emit` what it delivers. */
export const checkedStream = <E extends AnyEvent>(
  stream: AnyStream<E>,
  emit: (value: unknown) => void,
  common: Common<E>,
  only?: Only<E>,
): CheckedSubscriber<E> => {
  const read = checkOptions('stream', stream, STREAM);
  const project = handler(stream, 'project', read.project);
  // behind a required stream nothing is waited for: its work is in `project`, or in an unbounded array
  if (read.required && project === undefined)
    throw new OptionError('project', 'the work of a required stream', undefined);
  return {
    ...registered(read, common, only),
    call:
      project === undefined
        ? emit
        : (event, signal) => projected(signal === undefined ? project(event) : project(event, signal)),
    callBatch: undefined,
    emitted: project === undefined ? undefined : emit,
  };
};

/** A loop as it is given, its types of events forgotten. */
export type AnyLoop<E extends AnyEvent> = Registration<E['type']> & Delivery<E> & { readonly since?: Since<E> };

/** The same for a loop, whose work is added when it begins. */
export const checkedLoop = <E extends AnyEvent>(
  loop: AnyLoop<E>,
  common: Common<E>,
  only?: Only<E>,
): Omit<CheckedSubscriber<E>, 'call'> => ({
  ...registered(checkOptions('iterate', loop, LOOP), common, only),
  callBatch: undefined,
  emitted: undefined,
});

/** The types of a view: its `All`. A type that is not among them is refused. */
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
    throw new OptionError('since', 'the option replay of eventBroker beside it', read.since);
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

/** A bound in bytes sizes every event, a strategy asks for its key or whether it is parked; a scheduler of its own calls every handler. */
const hasOwnBound = (delivery: Delivery<never>): boolean =>
  delivery.required
    ? delivery.highWaterMarkBytes !== undefined ||
      delivery.lanes !== undefined ||
      typeof delivery.onFailure === 'object'
    : delivery.capacityBytes !== undefined || delivery.observeOn !== undefined || typeof delivery.overflow === 'object';

/** An own function as it is, called without a receiver; a method of a class bound once (promise B2). */
const handler = <F extends ((...args: never[]) => unknown) | undefined>(subscriber: object, key: string, call: F): F =>
  call === undefined || Object.hasOwn(subscriber, key) ? call : (call.bind(subscriber) as F);

/** A handler may use up the array that it is given: what is counted, announced and tried again is the batch as it was. */
const withCopy = <E extends AnyEvent>(call: CheckedSubscriber<E>['callBatch']): CheckedSubscriber<E>['callBatch'] =>
  call && ((events, signal) => (signal === undefined ? call(events.slice()) : call(events.slice(), signal)));
