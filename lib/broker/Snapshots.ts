import type { AnyEvent } from '../event/AnyEvent.js';
import type { BrokerSnapshot, SubscriberSnapshot } from './BrokerSnapshot.js';
import type { SubscriberState } from './SubscriberState.js';

/** Takes snapshots. Parts that have not changed since the last one are the same objects (promise I8). */
export class Snapshots<E extends AnyEvent> {
  #byKey = new Map<number, SubscriberSnapshot>();
  #subscribers: readonly SubscriberSnapshot[] = [];
  #last: BrokerSnapshot | undefined;

  take(counts: Omit<BrokerSnapshot, 'subscribers'>, listed: Iterable<SubscriberState<E>>): BrokerSnapshot {
    const byKey = new Map<number, SubscriberSnapshot>();
    for (const state of listed) {
      const { who, required, delivery } = state;
      const now = { ...who, required, saturated: delivery.mailbox?.saturated ?? false, ...state.tally() };
      byKey.set(who.key, newOrSame(this.#byKey.get(who.key), now));
    }
    this.#byKey = byKey;
    this.#subscribers = newOrSame(this.#subscribers, [...byKey.values()]);
    this.#last = newOrSame(this.#last, { ...counts, subscribers: this.#subscribers });
    return this.#last;
  }
}

/** `now`, unless `before` has the same fields with the same values. */
const newOrSame = <T extends object>(before: T | undefined, now: T): T => {
  if (before === undefined || Object.keys(before).length !== Object.keys(now).length) return now;
  for (const key in now) if (now[key] !== before[key]) return now;
  return before;
};
