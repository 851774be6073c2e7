import { bytesOf, keyOf, wasLast, type Keeps, type Member, type Sent, type Type } from './World.js';

interface Kept {
  readonly event: Sent;
  readonly type: Type | undefined;
  readonly key: unknown;
  readonly bytes: number;
}

/** What a broker keeps for late subscribers: a list. */
export class ModelKept {
  readonly #of: Keeps;
  readonly #notKnown: (event: Sent) => void;
  #list: readonly Kept[] = [];

  constructor(of: Keeps, notKnown: (event: Sent) => void) {
    this.#of = of;
    this.#notKnown = notKnown;
  }

  add(event: Sent): void {
    const { events, bytes: most = Infinity, byKey } = this.#of;
    const bytes = most === Infinity ? 0 : (bytesOf(event) ?? this.#unknown(event));
    // each that has none is one of its own
    const key = byKey ? (keyOf(event) ?? [this.#unknown(event)]) : {};
    const all = [...this.#list.filter(kept => kept.key !== key), { event, type: typeOf(event), key, bytes }];
    const sum = (): number => all.reduce((sum, kept) => sum + kept.bytes, 0);
    while (all.length > events || (sum() > most && all.length > 1)) all.shift();
    this.#list = all;
  }

  /** What a late subscriber gets first. The copies settle nothing. */
  since({ types, since }: Member): { readonly events: Sent[]; readonly threw: boolean; readonly isExpired: boolean } {
    const its = this.#list.filter(({ type }) => types === undefined || (type !== undefined && types.includes(type)));
    const events = its.map(({ event }) => Object.create(event) as Sent);
    if (since === 'replay') return { events, threw: false, isExpired: false };
    for (let i = its.length - 1; i >= 0; i--) {
      try {
        if (wasLast(since, its[i]!.event)) return { events: events.slice(i + 1), threw: false, isExpired: false };
      } catch {
        return { events, threw: true, isExpired: true };
      }
    }
    return { events, threw: false, isExpired: true };
  }

  #unknown(event: Sent): number {
    this.#notKnown(event);
    return 0;
  }
}

const typeOf = (event: Sent): Type | undefined => {
  try {
    return event.type;
  } catch {
    return undefined;
  }
};
