import type { ModelHost } from './ModelMember.js';
import {
  futureOf,
  isSameKey,
  type ModelParked,
  type ModelParking,
  type ModelParks,
  type ModelVerdict,
} from './ModelParking.js';
import { ModelLanes } from './ModelLanes.js';
import { isPicked, type Again } from './Taking.js';
import type { Sent } from './World.js';

interface InHands {
  readonly parked: ModelParked;
  /** It failed again, or comes after one that did: it stays. */
  isKept: boolean;
}

interface Reading {
  /** What is parked after this, and was tried, is not given. */
  last: number;
  after: number;
  given: number;
  /** Whether there was anything to give since it began anew. */
  isNews: boolean;
  readonly passed: ModelParked[];
  page: readonly ModelParked[];
}

/** What is parked, given again to a consumer of its own. */
export class ModelAgain implements ModelParks {
  readonly consumer: ModelLanes;
  hasEnded = false;
  readonly #of: Again;
  readonly #parking: ModelParking;
  readonly #host: ModelHost;
  readonly #events = this.#read();
  /** Given and not settled. */
  #hands: InHands[] = [];
  /** One that failed again keeps its key. */
  readonly #kept: ModelParked[] = [];
  #removable: number[] = [];
  /** It stands between two events: `turn`, until everything that runs is over; `settled`, until all that it gave is settled. */
  #at: ModelParked | 'turn' | 'settled' | 'end' | undefined;
  #next: ModelParked | undefined;
  /** How far it has read. */
  readonly #reading: Reading = { last: 0, after: 0, given: 0, isNews: false, passed: [], page: [] };
  #isGiving = false;
  #isFrozen = false;

  constructor(host: ModelHost, parking: ModelParking, key: number, of: Again) {
    this.#host = host;
    this.#parking = parking;
    this.#of = of;
    this.consumer = new ModelLanes(
      {
        ...host,
        parking: this,
        observed: () => true,
        // its notices are observed when it has left, too
        write: () => host.note(key, 'Failed  after 1'),
        hears: () => true,
        freeze: () => this.#freeze(),
        stop: () => this.leave(),
        left: () => undefined,
        later: then => then(),
        microtask: then => then(),
        leveled: () => this.#pull(),
      },
      0,
      key,
      of.member,
    );
    this.consumer.keeps = true;
    this.consumer.givesWork = true;
  }

  /** It has its turn. */
  begin(): void {
    if (!this.hasEnded) this.#pull();
  }

  leave(): void {
    if (this.hasEnded) return;
    this.#freeze();
    this.hasEnded = true;
    this.consumer.close(false);
  }

  /** Goes on with what waits for nobody. Says whether there was any. */
  turn(): boolean {
    this.#settle();
    this.#parking.remove(this.#removable.splice(0));
    if (this.hasEnded || this.#at === undefined || (this.#at === 'settled' && this.#hands.length > 0)) return false;
    if (this.#at === 'turn' || this.#at === 'settled') this.#ask();
    else if (this.#at === 'end') {
      this.hasEnded = true;
      this.consumer.close(true);
    } else {
      this.#next = this.#at;
      this.#at = undefined;
      this.#pull();
    }
    return true;
  }

  futures(): unknown {
    const { last, after, given, isNews, passed, page } = this.#reading;
    const at = typeof this.#at === 'object' ? futureOf(this.#at) : this.#at;
    const next = this.#next && futureOf(this.#next);
    const left = page.filter(({ id }) => id > after).map(futureOf);
    const hands = this.#hands.map(({ parked, isKept }) => [futureOf(parked), isKept]);
    const reading = [at, next, `#${last}`, `#${after}`, given, isNews, passed.map(futureOf), left];
    const removable = this.#removable.map(id => `#${id}`);
    return [reading, hands, this.#kept.map(futureOf), removable, this.#isFrozen, this.consumer.futures()];
  }

  park(events: readonly Sent[], who: Parameters<ModelParks['park']>[1]): ModelVerdict {
    const hands = this.#handsOf(events);
    if (hands === undefined) return this.#parking.park(events, who);
    hands.isKept = true;
    this.#kept.push(hands.parked);
    this.#host.met.add('parked again');
    return 'yes';
  }

  parkBehind(events: readonly Sent[], who: Parameters<ModelParks['park']>[1]): ModelVerdict {
    const hands = this.#handsOf(events);
    if (hands === undefined) return this.#parking.parkBehind(events, who);
    if (!this.#isKept(hands.parked)) return 'no';
    hands.isKept = true;
    this.#host.met.add('kept behind');
    return 'yes';
  }

  #handsOf(events: readonly Sent[]): InHands | undefined {
    if (this.hasEnded) return undefined;
    this.#settle();
    const all = this.#hands.filter(({ parked }) => parked.event === events[0]);
    return all.find(({ isKept }) => !isKept) ?? all.at(-1);
  }

  /** One at a time, while it is not full. The next one is looked for when this one is given. */
  #pull(): void {
    if (this.#at !== undefined || this.#isGiving || this.hasEnded || this.consumer.saturated) return;
    const next = this.#next;
    this.#next = undefined;
    if (next !== undefined) {
      this.#host.met.add('again');
      this.#hands.push({ parked: next, isKept: false });
      this.#isGiving = true;
      this.consumer.offer([next.event]);
      this.#isGiving = false;
    }
    if (!this.hasEnded && !this.consumer.saturated) this.#ask();
  }

  #ask(): void {
    this.#at = this.#events.next().value ?? 'end';
  }

  *#read(): Generator<ModelParked | 'turn' | 'settled', undefined> {
    yield 'turn';
    const { limit = Infinity, isPicky } = this.#of;
    const reading = this.#reading;
    const last = this.#parking.list.at(-1)?.id ?? 0;
    reading.last = last;
    for (reading.isNews = last > 0; reading.isNews; yield 'settled') {
      reading.isNews = false;
      for (;;) {
        // what is parked while it waits for this page is found with the next one
        reading.page = this.#parking.list.filter(({ id }) => id > reading.after);
        yield 'turn';
        if (reading.page.length === 0) break;
        for (const parked of reading.page) {
          if (reading.given === limit) {
            yield 'settled';
            return;
          }
          reading.after = parked.id;
          const isNewFailure = parked.id > last && !parked.isBehind;
          const isPassed = this.#isKept(parked) || reading.passed.some(other => isSameKey(other, parked));
          if (isPassed || isNewFailure || (isPicky && !isPicked(parked.event))) reading.passed.push(parked);
          else {
            reading.isNews = true;
            reading.given++;
            yield parked;
          }
        }
      }
    }
  }

  #isKept(parked: ModelParked): boolean {
    return this.#kept.some(kept => isSameKey(kept, parked));
  }

  /** Nothing more is settled. */
  #freeze(): void {
    this.#settle();
    this.#isFrozen = true;
  }

  /** What its consumer has finished, in order. */
  #settle(): void {
    if (this.#isFrozen || this.hasEnded) return;
    const settled = this.#hands.splice(0, this.#hands.length - this.consumer.inMailbox().length);
    this.#removable.push(...settled.filter(({ isKept }) => !isKept).map(({ parked }) => parked.id));
  }
}
