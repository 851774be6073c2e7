import type { Settlement } from '../contract/Settlement.js';
import { currentValue } from '../level/currentValue.js';
import type { MailboxEngine } from '../mailbox/MailboxEngine.js';
import { Places } from './Places.js';
import { SettledCount } from './SettledCount.js';
import { SettledPrefix } from './SettledPrefix.js';

/** How many values of a source a consumer has received and settled. Counting continues when it subscribes again. */
export interface Consumed {
  received: number;
  settled: number;
}

/**
 * Reports to a source which values are settled by a single mailbox (promise K1): those whose work has finished, and those
 * that were skipped or dropped. An optional mailbox settles every value immediately.
 *
 * If values are settled in groups, such as the events of a block, a finished value is settled at the end of its group.
 */
export class MailboxSettlement {
  readonly #mailbox: Pick<MailboxEngine<unknown>, 'pending' | 'offered' | 'settled'>;
  readonly #consumed: Consumed;
  readonly #isRequired: boolean;
  readonly #isGroupOver: (() => boolean) | undefined;
  readonly #rest = currentValue(true, 'a source threw when its consumer had no more unsettled values');
  readonly #count: SettledCount;
  #prefix: SettledPrefix | undefined;
  #places: Places | undefined;
  /** The place of the value that is being offered to the mailbox. */
  place = 0;

  constructor(
    mailbox: Pick<MailboxEngine<unknown>, 'pending' | 'offered' | 'settled'>,
    consumed: Consumed,
    options: {
      readonly required: boolean;
      /** Called when a value has finished. Returns whether all values so far are settled. Default: they are. */
      readonly isGroupOver?: (() => boolean) | undefined;
    },
  ) {
    this.#mailbox = mailbox;
    this.#consumed = consumed;
    this.#isRequired = options.required;
    this.#isGroupOver = options.isGroupOver;
    this.#count = new SettledCount(consumed, () => this.#track(), options.isGroupOver && this.#rest.value$);
  }

  /** The settlement that the source gets. */
  get settlement(): Settlement {
    return this.#count;
  }

  /** Counts a value before it is offered or skipped. Returns its place, for `taken`. */
  take(): number {
    this.#consumed.received = ++this.#count.received;
    if (this.#isGroupOver !== undefined) this.#rest.set(false);
    return (this.place = this.#prefix?.open() ?? 0);
  }

  /** The mailbox has accepted the value. */
  accepted(): void {
    if (this.#isRequired) this.#places?.push(this.place, 1);
  }

  /** The value was offered or skipped. `outer`: the place of the value inside whose offer that happened. */
  taken(place: number, outer: number): void {
    this.place = outer;
    if (place === 0) return;
    this.#prefix?.release(place);
    this.finished();
  }

  /** The work in hand is about to emit a result. Settles its group first, since the receiver may unsubscribe. */
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
    // finished values of the open group are not settled yet
    if (this.#isGroupOver?.() === false) places.push(received, 1);
    this.#prefix = prefix;
    this.#places = places;
    prefix.release(received);
    this.#update();
  }
}
