import type { Parked, ParkedFor } from '../contract/Parking.js';
import type { Settlement } from '../contract/Settlement.js';

/** A parked event that a replay has emitted, and that is not settled yet. */
export interface Replayed<E> {
  readonly parked: Parked<E>;
  /** It has failed again, or comes after one of its key that has: it stays parked. */
  isKept: boolean;
}

/** The subscriber that parks events, with the settlement of the source that they come from. `null`: no source. */
export interface ParkedFrom extends ParkedFor {
  readonly settlement?: Settlement | null;
}

/** The key within which order is kept. The length of the name keeps names and keys apart, whatever they contain. */
export const orderKeyOf = ({ subscriber, key }: Pick<Parked<unknown>, 'subscriber' | 'key'>): string | undefined =>
  key === undefined ? undefined : `${subscriber.length} ${subscriber}${key}`;

/**
 * The unsettled events of a replay. If the consumer parks them again in the same parking, they keep their places: as new
 * entries they would come after the later events of their key. Another subscriber may park the same object at the same time.
 * Its settlement tells it apart.
 */
export class ReplayedEvents<E> {
  /** An object parked several times, as by two subscribers, has several entries, in the order of the replay. */
  readonly #byEvent = new Map<unknown, Replayed<E>[]>();
  readonly #keptKeys = new Set<string>();
  #settlement: Settlement | undefined;

  /** A replay begins. */
  begin(settlement: Settlement): void {
    this.#settlement = settlement;
  }

  /** Whether an event of this key stays parked, so that later ones stay, too. */
  isKept(key: string | undefined): boolean {
    return key !== undefined && this.#keptKeys.has(key);
  }

  given(parked: Parked<E>): Replayed<E> {
    const replayed = { parked, isKept: false };
    // equal values that are not objects cannot be distinguished
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

  /** The replay has ended. */
  clear(): void {
    this.#byEvent.clear();
    this.#keptKeys.clear();
  }

  /** Keeps events that have failed again. Returns `false` if they do not come from the replay. */
  keep(events: readonly E[], who: ParkedFrom): boolean {
    const replayed = this.#of(events, who);
    for (const each of replayed ?? []) {
      const key = orderKeyOf(each.parked);
      each.isKept = true;
      if (key !== undefined) this.#keptKeys.add(key);
    }
    return replayed !== undefined;
  }

  /**
   * Keeps events whose key is kept, and then returns `true`. Returns `false` if they may be attempted, and `undefined` if they do
   * not come from the replay.
   */
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
