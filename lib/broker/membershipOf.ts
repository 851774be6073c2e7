import { All } from '../event/All.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { Delivery } from '../flow/Delivery.js';
import { checkDelivery } from '../flow/mailboxFor.js';
import { OptionError } from '../flow/OptionError.js';
import type { Registration } from './Subscriber.js';

/** Milliseconds without progress after which a subscriber of a broker is announced, unless it says otherwise (B15). */
const DEFAULT_STALL_AFTER = 10_000;

/** A subscriber as the broker takes it: any of those that `subscribe` accepts, its types of events forgotten. */
export type AnySubscriber<E extends AnyEvent> = Registration<E['type']> &
  Delivery<E> & {
    readonly next?: ((event: E) => unknown) | undefined;
    readonly nextBatch?: ((events: readonly E[]) => unknown) | undefined;
  };

/** What a member is made of. */
export interface Membership<E extends AnyEvent> {
  readonly delivery: Delivery<E>;
  readonly types: readonly (E['type'] | All)[];
  readonly call: ((event: E) => unknown) | undefined;
  readonly callBatch: ((events: readonly E[]) => unknown) | undefined;
  readonly value: ((value: unknown) => void) | undefined;
  readonly stallAfter: number;
}

/** Checks a subscriber, and takes from it what a member is made of. */
export const membershipOf = <E extends AnyEvent>(
  subscriber: AnySubscriber<E>,
  value?: (value: unknown) => void,
): Membership<E> => {
  checkDelivery(subscriber);
  if (typeof subscriber.next === typeof subscriber.nextBatch)
    throw new OptionError('next, nextBatch', 'one of them', subscriber.next === undefined ? 0 : 2);
  return {
    delivery: subscriber,
    types: typesOption('types', subscriber.types ?? []),
    call: handler(subscriber, 'next'),
    callBatch: handler(subscriber, 'nextBatch'),
    value,
    stallAfter: subscriber.stallAfter ?? DEFAULT_STALL_AFTER,
  };
};

/** Gives `types` back if they are an array of types. */
export const typesOption = <T extends readonly unknown[]>(option: string, types: T): T => {
  if (Array.isArray(types) && types.every(type => typeof type === 'string' || type === All)) return types;
  throw new OptionError(option, 'an array of strings', types);
};

/** An own function as it is, called without a receiver; a method of a class bound once (promise B2). */
const handler = <E extends AnyEvent, K extends 'next' | 'nextBatch'>(
  subscriber: AnySubscriber<E>,
  key: K,
): AnySubscriber<E>[K] => {
  const call = subscriber[key];
  if (call === undefined || Object.hasOwn(subscriber, key)) return call;
  return call.bind(subscriber) as AnySubscriber<E>[K];
};
