import type { Parked, ParkedFor } from '../contract/Parking.js';
import type { Settlement } from '../contract/Settlement.js';

/** A parked event that a replay has given to its consumer, and that is not settled. */
export interface Replayed<E> {
  readonly parked: Parked<E>;
  /** It has failed again, or comes behind one that has: it stays where it is. */
  isKept: boolean;
}

/** For whom events are parked, with what the source is given that they come from. `null`: they come from none. */
export interface ParkedFrom extends ParkedFor {
  readonly settlement?: Settlement | null;
}

/** The key of what must stay in order. The length tells where the name ends, whatever is in it. */
export const orderKeyOf = ({ subscriber, key }: Pick<Parked<unknown>, 'subscriber' | 'key'>): string | undefined =>
  key === undefined ? undefined : `${subscriber.length} ${subscriber}${key}`;

/**
 * The events that a replay has in its consumer's hands. If that consumer parks them in the same parking, they stay where they
 * are: parked anew they would come after those that waited behind them. Another subscriber that has the same object in hand, and
 * parks it, is told apart by its settlement.
 */
export class ReplayedEvents<E> {
  /** An object that was parked several times, as by two subscribers, is there as often, in the order in which it was given. */
  readonly #byEvent = new Map<unknown, Replayed<E>[]>();
  readonly #keptKeys = new Set<string>();
  #settlement: Settlement | undefined;

  /** A replay begins. */
  begin(settlement: Settlement): void {
    this.#settlement = settlement;
  }

  /** Whether an event of this key stays, so that later ones stay, too. */
  isKept(key: string | undefined): boolean {
    return key !== undefined && this.#keptKeys.has(key);
  }

  given(parked: Parked<E>): Replayed<E> {
    const replayed = { parked, isKept: false };
    // values that are not objects cannot be told apart
    if (typeof parked.event !== 'object' || parked.event === null) return replayed;
    const given = this.#byEvent.get(parked.event);
    if (given === undefined) this.#byEvent.set(parked.event, [replayed]);
    else given.push(replayed);
    return replayed;
  }

  settled(replayed: Replayed<E>): void {
    const { event } = replayed.parked;
    const left = this.#byEvent.get(event)?.filter(each => each !== replayed) ?? [];
    if (left.length === 0) this.#byEvent.delete(event);
    else this.#byEvent.set(event, left);
  }

  /** The replay is over. */
  clear(): void {
    this.#byEvent.clear();
    this.#keptKeys.clear();
  }

  /** Keeps events that have failed again. `false`: they do not come from the replay. */
  keep(events: readonly E[], who: ParkedFrom): boolean {
    const replayed = this.#of(events, who);
    for (const each of replayed ?? []) {
      const key = orderKeyOf(each.parked);
      each.isKept = true;
      if (key !== undefined) this.#keptKeys.add(key);
    }
    return replayed !== undefined;
  }

  /** Keeps events whose key is kept: `true`. `false`: they may be tried. `undefined`: they do not come from the replay. */
  keepBehind(events: readonly E[], who: ParkedFrom): boolean | undefined {
    const replayed = this.#of(events, who);
    return replayed && replayed.some(({ parked }) => this.isKept(orderKeyOf(parked))) && this.keep(events, who);
  }

  #of(events: readonly E[], { settlement }: ParkedFrom): readonly Replayed<E>[] | undefined {
    const isOther = settlement !== undefined && settlement !== this.#settlement;
    if (this.#byEvent.size === 0 || isOther) return undefined;
    const all = events.map(event => {
      const given = this.#byEvent.get(event);
      return given?.find(({ isKept }) => !isKept) ?? given?.at(-1);
    });
    return all.some(each => each === undefined) ? undefined : (all as Replayed<E>[]);
  }
}
