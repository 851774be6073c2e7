import { EMPTY, type Subscription } from 'rxjs';
import { backpressure, lanes, memoryParking, park, ParkingFullError, type Notice, type Parking } from 'rx-event-broker';
import { shownParked } from './ModelParking.js';
import { returned, type Hooks } from './returned.js';
import { FIRST_AGAIN, isPicked, type Again, type Calls } from './Taking.js';
import type { Answers, Member, Sent } from './World.js';

/** What it is part of. */
interface TakingHost {
  readonly take: Answers;
  /** What is told of a call, which is waited for. */
  readonly begun: (key: number, call: Calls, events: readonly Sent[]) => Hooks;
  /** Calls a handler. */
  readonly start: (key: number, member: Member, events: readonly Sent[]) => unknown;
  readonly note: (key: number, notice: Notice<Sent>) => unknown;
}

/** A parking in memory whose calls go as the test says, what gives again what is parked, and functions as `onFailure`. */
export class RealTaking {
  readonly parking: Parking<Sent> = memoryParking<Sent>();
  readonly full = new ParkingFullError('x', 'most', 1);
  readonly #host: TakingHost;
  readonly #keyOf: (event: Sent) => number;
  readonly #agains: Subscription[] = [];

  constructor(host: TakingHost, keyOf: (event: Sent) => number) {
    this.#host = host;
    this.#keyOf = keyOf;
  }

  /** The options of a subscriber whose failures are taken. */
  optionsOf(key: number, member: Member): object {
    const { takes, batch, lanes: concurrency } = member;
    if (takes === undefined) return { onFailure: member.onFailure };
    const { name, most, isSlow, hasOnly } = takes;
    const called = <T>(call: Calls, events: readonly Sent[], perform: () => T): unknown =>
      this.#call(key, call, member, events, perform);
    if (takes.by === 'function')
      return { name, onFailure: (events: readonly Sent[]) => called('take', events, () => undefined) };
    const parking = {
      ...this.parking,
      park: (events, error, who) => called('park', events, () => this.parking.park(events, error, who)),
      parkBehind: (events, who) => called('ask', events, () => this.parking.parkBehind(events, who)),
    } as Parking<Sent>;
    const isKeyed = takes.isKeyed && !batch && concurrency === undefined;
    const only = (): unknown => {
      const answer = this.#host.take('only', key, [], isSlow);
      if (answer === 'throw' || answer === 'full' || answer === 'instantFail') throw this.full;
      return answer === 'odd' ? 'yes' : answer !== 'no';
    };
    return {
      name,
      onFailure: park(parking, {
        most,
        ...(isKeyed && { by: this.#keyOf }),
        ...(hasOnly && { only: only as () => boolean }),
      }),
    };
  }

  again({ member, isPicky, limit }: Again): void {
    const key = FIRST_AGAIN + this.#agains.length;
    const { retry, bound, lanes: concurrency, maxAhead } = member;
    const replay = this.parking.replay({
      ...(isPicky && { only: isPicked }),
      ...(limit !== undefined && { limit }),
    });
    const consumed$ = backpressure<Sent, unknown>(replay, {
      required: true,
      highWaterMark: bound,
      ...(retry !== undefined && { retry: { count: retry } }),
      ...(concurrency !== undefined && {
        lanes: lanes({ concurrency, by: this.#keyOf, ...(maxAhead !== undefined && { maxAhead }) }),
      }),
      name: 'again',
      ...this.optionsOf(key, member),
      notices: { next: (notice: Notice<Sent>) => notice.type !== 'AtRisk' && this.#host.note(key, notice) },
      project: (event: Sent) => (this.#host.start(key, member, [event]) as undefined) ?? EMPTY,
    });
    this.#agains.push(consumed$.subscribe({ error: () => undefined }));
  }

  leave(key: number): void {
    this.#agains[key - FIRST_AGAIN]?.unsubscribe();
  }

  async look(): Promise<readonly string[]> {
    const parked = await this.parking.list();
    return parked.map(({ id, subscriber, key, event, error }) =>
      shownParked(id, subscriber, key, event, error === undefined),
    );
  }

  #call<T>(key: number, call: Calls, { shape, takes }: Member, events: readonly Sent[], perform: () => T): unknown {
    const answer = this.#host.take(call, key, events, takes!.isSlow);
    const hooks = this.#host.begun(key, call, events);
    // what it is called for is done when its work ends
    const performing: Hooks = {
      ...hooks,
      done: () => void perform(),
      failed: () => undefined,
      begun: waiting => hooks.begun({ ...waiting, done: () => this.#ended(waiting, perform) }),
    };
    switch (answer) {
      case 'done':
        return perform();
      case 'throw':
        throw hooks.error();
      case 'full':
        throw this.full;
      case 'odd':
        if (call === 'ask') return 'yes';
        perform();
        return 7;
      case 'later':
        return call === 'ask' ? this.#answered(hooks, perform) : returned(shape ?? 'observable', 'later', performing);
      default:
        if (call !== 'ask') return returned('observable', answer === 'instant' ? 'instant' : 'instantFail', performing);
        if (answer === 'instant') return perform();
        throw hooks.error();
    }
  }

  /** An answer with a value. */
  #answered<T>({ begun }: Hooks, perform: () => T): Promise<T> {
    return new Promise((resolve, reject: (error: unknown) => void) =>
      begun({
        done: () => {
          try {
            resolve(perform());
          } catch (error) {
            reject(error);
          }
        },
        failed: reject,
      }),
    );
  }

  #ended(waiting: Parameters<Hooks['begun']>[0], perform: () => unknown): void {
    try {
      perform();
    } catch (error) {
      waiting.failed(error);
      return;
    }
    waiting.done();
  }
}
