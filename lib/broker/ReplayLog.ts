import type { AnyEvent } from '../event/AnyEvent.js';
import type { Delivery } from '../flow/contract/Delivery.js';
import type { After } from '../flow/contract/Served.js';
import type { MailboxSettings } from '../flow/mailbox/MailboxSettings.js';
import type { Dispatcher } from './Dispatcher.js';
import type { NoticeLog } from './NoticeLog.js';
import type { Addressee } from './Routes.js';

/** A subscriber that gets something first, and then stands in its routes. */
export interface Latecomer<E> extends Addressee<E> {
  readonly isOpen: boolean;
  readonly handler: (event: E) => unknown;
  readonly delivery: { threw(error: unknown): void };
  begin(): void;
}

/** What one late subscriber gets first. */
export interface Late<E> {
  /** Its mailbox takes what is replayed, whatever its bounds are. */
  applied<U>(settings: MailboxSettings<U, E>): MailboxSettings<U, E>;
  /** Replays when what is being dispatched has reached everybody, and lets the subscriber into its routes. */
  begin(subscriber: Latecomer<E>): void;
}

/** What a broker has kept. Brokers know it by this interface alone: without `replay` it is not in the bundle. */
export interface ReplayLog<E> {
  /** Throws `OptionError` if `since` is neither. */
  late(since: 'replay' | After<E>, delivery: Delivery<E>): Late<E>;
  /** The broker is closed: nothing is kept. */
  end(): void;
}

/** The parts of a broker that its log uses. */
export interface ReplayHost<E extends AnyEvent> {
  readonly dispatcher: Dispatcher<E>;
  readonly notices: NoticeLog<E>;
  readonly maxPending: number;
  readonly sizeOf: ((event: E) => number) | undefined;
}

/** What `replay` makes. */
export interface OpensReplay<E extends AnyEvent> {
  /** Throws `OptionError` if it does not fit to the other options of the broker. */
  open(host: ReplayHost<E>): ReplayLog<E>;
}
