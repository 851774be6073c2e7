import type { Sent } from './World.js';

/** For whom it is parked. */
export interface ModelWho {
  readonly name: string;
  /** `undefined`: on its own. */
  readonly key: number | undefined;
  readonly most: number;
}

export interface ModelParked extends Pick<ModelWho, 'name' | 'key'> {
  readonly id: number;
  readonly event: Sent;
  /** Not tried: an earlier one of its key was parked. */
  readonly isBehind: boolean;
}

export type ModelVerdict = 'yes' | 'no' | 'full';

/** What a subscriber parks in. */
export interface ModelParks {
  park(events: readonly Sent[], who: ModelWho): ModelVerdict;
  /** Asked before the first try. `no`: it is tried. */
  parkBehind(events: readonly Sent[], who: ModelWho): ModelVerdict;
}

/** A parking: a list. */
export class ModelParking implements ModelParks {
  list: readonly ModelParked[] = [];
  #ids = 0;

  park(events: readonly Sent[], who: ModelWho, isBehind = false): ModelVerdict {
    const { name, key, most } = who;
    if (this.list.filter(parked => parked.name === name).length + events.length > most) return 'full';
    this.list = [...this.list, ...events.map(event => ({ id: ++this.#ids, name, key, event, isBehind }))];
    return 'yes';
  }

  parkBehind(events: readonly Sent[], who: ModelWho): ModelVerdict {
    return this.list.some(parked => isSameKey(parked, who)) ? this.park(events, who, true) : 'no';
  }

  remove(ids: readonly number[]): void {
    this.list = this.list.filter(({ id }) => !ids.includes(id));
  }

  futures(): unknown {
    return this.list.map(futureOf);
  }

  look(): readonly string[] {
    return this.list.map(({ id, name, key, event, isBehind }) => shownParked(id, name, key, event, isBehind));
  }
}

/** What decides how it goes on. */
export const futureOf = ({ id, name, key, event, isBehind }: ModelParked): unknown => [
  `#${id}`,
  name,
  key !== undefined,
  event.n,
  isBehind,
];

/** Of one subscriber, and of one key. */
export const isSameKey = (a: Pick<ModelWho, 'name' | 'key'>, b: Pick<ModelWho, 'name' | 'key'>): boolean =>
  a.key !== undefined && a.name === b.name && a.key === b.key;

export const shownParked = (id: unknown, name: string, key: unknown, { n }: Sent, isBehind: boolean): string =>
  `${String(id)}: ${n} for ${name} ${String(key)}${isBehind ? ', behind' : ''}`;
