import type { AnyEvent } from '../event/AnyEvent.js';
import { Places } from '../flow/settlement/Places.js';
import { SettledCount } from '../flow/settlement/SettledCount.js';
import { SettledPrefix } from '../flow/settlement/SettledPrefix.js';
import type { Dispatcher } from './Dispatcher.js';

/** A required subscriber, as far as it keeps events of a source from being settled. */
interface Tracked {
  /** From now on it holds the places of the events that it has pending. */
  track(): void;
}

/** One `receive` call: its counts go on when it is subscribed to again. */
export interface Received {
  received: number;
  settled: number;
}

/**
 * Which events of a source are settled (promises K1, K5).
 *
 *     source ──► place 7 ──► dispatched ──► mailbox of a, mailbox of b ──► finished in both ──► 7 is settled
 *
 * Places count the events of all sources of the broker. Nothing is tracked until a source asks; what came before that
 * is settled together.
 *
 * ST1  An event is held by its dispatch, and by each required mailbox in which it is pending.
 * ST2  A stop of the broker, and the end of a run, first end the count: what is closed after that is not settled.
 */
export class Settlements<E extends AnyEvent> {
  readonly #dispatcher: Dispatcher<E>;
  readonly #required: () => Iterable<Tracked>;
  #received = 0;
  #prefix: SettledPrefix | undefined;
  /** The place of what is dispatched when the tracking begins. */
  #before = 0;
  #run: { readonly count: SettledCount; readonly call: Received; readonly others: number } | undefined;

  constructor(dispatcher: Dispatcher<E>, required: () => Iterable<Tracked>) {
    this.#dispatcher = dispatcher;
    this.#required = required;
    dispatcher.call.dispatched = (place, isLost) => {
      // what reached nobody is never settled
      if (isLost) this.end();
      this.#release(place);
    };
  }

  /** A source is opened. */
  open(call: Received): SettledCount {
    const count = new SettledCount(call, () => this.#track());
    this.#run = { count, call, others: this.#received - call.received };
    this.update();
    return count;
  }

  /** What the source that is received is given, or was if it has ended. */
  get current(): SettledCount | undefined {
    return this.#run?.count;
  }

  /** An event of the source came. Gives its place; 0 if nobody asks. */
  take(): number {
    const run = this.#run!;
    run.call.received = ++run.count.received;
    this.#received++;
    return this.#prefix === undefined ? 0 : this.#prefix.open();
  }

  /** Where a mailbox keeps its places; `undefined` if nobody asks. */
  places(): Places | undefined {
    return this.#prefix && new Places(this.#prefix);
  }

  /** The place of the event that is being dispatched. */
  get place(): number {
    return this.#dispatcher.call.place || this.#before;
  }

  /** The place of everything that is pending when the tracking begins. */
  get taken(): number {
    return this.#received;
  }

  /** Events have finished in a mailbox. */
  update(): void {
    if (this.#prefix === undefined || this.#run === undefined) return;
    const { count, call, others } = this.#run;
    const settled = this.#prefix.settled - others;
    if (settled > call.settled) call.settled = settled;
    count.settle(settled);
  }

  /** Nothing more is settled for the source that is received now. It may still emit: that is counted, and never settled. */
  end(): void {
    this.#run?.count.end();
  }

  #release(place: number): void {
    this.#prefix?.release(place);
    this.update();
  }

  #track(): void {
    if (this.#prefix !== undefined) return;
    const before = this.#received;
    this.#prefix = new SettledPrefix(before);
    this.#before = before;
    for (const subscriber of this.#required()) subscriber.track();
    this.#dispatcher.later(() => {
      this.#before = 0;
      this.#release(before);
    });
  }
}
