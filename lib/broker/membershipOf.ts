import { from, type Observable } from 'rxjs';
import { All } from '../event/All.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { Delivery } from '../flow/Delivery.js';
import { DELIVERY } from '../flow/deliveryOptions.js';
import { OptionError } from '../flow/OptionError.js';
import { aFunction, checkOptions, flag, type Check, type Checks } from '../flow/options.js';
import type { Registration } from './Subscriber.js';

/** Milliseconds without progress after which a subscriber of a broker is announced, unless it says otherwise (B15). */
const DEFAULT_STALL_AFTER = 10_000;

/** A subscriber as the broker takes it: any of those that `subscribe` accepts, its types of events forgotten. */
export type AnySubscriber<E extends AnyEvent> = Registration<E['type']> &
  Delivery<E> & {
    readonly next?: ((event: E) => unknown) | undefined;
    readonly nextBatch?: ((events: readonly E[]) => unknown) | undefined;
  };

/** What a member is made of: a subscriber whose options were read once, and are valid. */
export interface Membership<E extends AnyEvent> {
  readonly delivery: Delivery<E>;
  readonly types: readonly (E['type'] | All)[];
  readonly call: ((event: E) => unknown) | undefined;
  readonly callBatch: ((events: readonly E[]) => unknown) | undefined;
  readonly value: ((value: unknown) => void) | undefined;
  readonly stallAfter: number;
  readonly closed$: Observable<unknown> | undefined;
  readonly drainsOnClose: boolean;
}

/** An array of types. */
export const types: Check = {
  expected: 'an array of strings',
  allows: value => Array.isArray(value) && value.every(type => typeof type === 'string' || type === All),
};

const closing: Check = {
  expected: 'an Observable, a Promise or an iterable',
  allows: value => {
    try {
      void from(value as Observable<unknown>);
      return true;
    } catch {
      return false;
    }
  },
};

const SUBSCRIBER: Checks = {
  ...DELIVERY,
  types,
  closed$: closing,
  drainOnClose: flag,
  next: aFunction,
  nextBatch: aFunction,
};

/** Checks a subscriber before anything is done with it, and takes from it what a member is made of. */
export const membershipOf = <E extends AnyEvent>(
  call: string,
  subscriber: AnySubscriber<E>,
  value?: (value: unknown) => void,
): Membership<E> => {
  const read = checkOptions(call, subscriber, SUBSCRIBER);
  if (typeof read.next === typeof read.nextBatch)
    throw new OptionError('next, nextBatch', 'one of them', read.next === undefined ? 0 : 2);
  return {
    delivery: read,
    types: read.types ?? [],
    call: handler(subscriber, 'next', read.next),
    callBatch: withCopy(handler(subscriber, 'nextBatch', read.nextBatch)),
    value,
    stallAfter: read.stallAfter ?? DEFAULT_STALL_AFTER,
    closed$: read.closed$ === undefined ? undefined : from(read.closed$),
    drainsOnClose: read.drainOnClose === true,
  };
};

/** An own function as it is, called without a receiver; a method of a class bound once (promise B2). */
const handler = <F extends ((...args: never[]) => unknown) | undefined>(subscriber: object, key: string, call: F): F =>
  call === undefined || Object.hasOwn(subscriber, key) ? call : (call.bind(subscriber) as F);

/** A handler may use up the array that it is given: what is counted, announced and tried again is the batch as it was. */
const withCopy = <E>(
  call: ((events: readonly E[]) => unknown) | undefined,
): ((events: readonly E[]) => unknown) | undefined => call && (events => call(events.slice()));
