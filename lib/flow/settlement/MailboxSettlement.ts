import type { Settlement } from '../contract/Settlement.js';
import { currentValue } from '../level/currentValue.js';
import type { MailboxEngine } from '../mailbox/MailboxEngine.js';
import { Places } from './Places.js';
import { SettledCount } from './SettledCount.js';
import { SettledPrefix } from './SettledPrefix.js';

/** How far a consumer got with a source. Its counts go on when it subscribes to the source again. */
export interface Consumed {
  received: number;
  settled: number;
}

/**
 * What is settled of the values that go through a single mailbox (promise K1): those whose work has finished, and those
 * that did not get into it. An optional mailbox settles what it is given immediately.
 *
 * Where values are settled in groups, such as the events of a block, what has finished waits for the end of its group.
 */
export class MailboxSettlement {
  readonly #mailbox: Pick<MailboxEngine<unknown>, 'pending' | 'offered' | 'settled'>;
  readonly #consumed: Consumed;
  readonly #isRequired: boolean;
  readonly #isGroupOver: (() => boolean) | undefined;
  readonly #rest = currentValue(true, 'a source threw when its consumer came to rest');
  readonly #count: SettledCount;
  #prefix: SettledPrefix | undefined;
  #places: Places | undefined;
  /** The place of the value that the mailbox is offered. */
  place = 0;

  constructor(
    mailbox: Pick<MailboxEngine<unknown>, 'pending' | 'offered' | 'settled'>,
    consumed: Consumed,
    options: {
      readonly required: boolean;
      /** Asked when something has finished: whether that, and all before it, is settled. Default: it is. */
      readonly isGroupOver?: (() => boolean) | undefined;
    },
  ) {
    this.#mailbox = mailbox;
    this.#consumed = consumed;
    this.#isRequired = options.required;
    this.#isGroupOver = options.isGroupOver;
    this.#count = new SettledCount(consumed, () => this.#track(), options.isGroupOver && this.#rest.value$);
  }

  /** What the source is given. */
  get settlement(): Settlement {
    return this.#count;
  }

  /** A value came, which the mailbox will be offered, or not. Gives its place, for `taken`. */
  take(): number {
    this.#consumed.received = ++this.#count.received;
    if (this.#isGroupOver !== undefined) this.#rest.set(false);
    return (this.place = this.#prefix?.open() ?? 0);
  }

  /** The mailbox has accepted it. */
  accepted(): void {
    if (this.#isRequired) this.#places?.push(this.place, 1);
  }

  /** The mailbox has been offered it. `outer`: the place of the value in whose offer that happened. */
  taken(place: number, outer: number): void {
    this.place = outer;
    if (place === 0) return;
    this.#prefix?.release(place);
    this.finished();
  }

  /** The work in hand emits its result, which ends its group: whoever gets it may leave. */
  emitted(): void {
    if (this.#isGroupOver !== undefined) this.#keep(this.#mailbox.pending - 1);
  }

  /** Deliveries have finished. */
  finished(): void {
    const { pending, offered, settled } = this.#mailbox;
    this.#keep(offered - settled);
    if (this.#isGroupOver !== undefined) this.#rest.set(pending === 0);
  }

  /** Nothing more is settled. */
  end(): void {
    this.#count.end();
  }

  #keep(unsettled: number): void {
    if (this.#isGroupOver?.() === false) return;
    if (this.#isRequired) this.#places?.keep(unsettled);
    this.#update();
  }

  #update(): void {
    if (this.#prefix === undefined) return;
    const { settled } = this.#prefix;
    if (settled > this.#consumed.settled) this.#consumed.settled = settled;
    this.#count.settle(settled);
  }

  #track(): void {
    const { received } = this.#count;
    const prefix = new SettledPrefix(received);
    const places = new Places(prefix);
    if (this.#isRequired) places.push(received, this.#mailbox.offered - this.#mailbox.settled);
    // what has finished waits for its group
    if (this.#isGroupOver?.() === false) places.push(received, 1);
    this.#prefix = prefix;
    this.#places = places;
    prefix.release(received);
    this.#update();
  }
}
