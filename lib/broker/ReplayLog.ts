import type { AnyEvent } from '../event/AnyEvent.js';
import type { Delivery } from '../flow/contract/Delivery.js';
import type { After } from '../flow/contract/Served.js';
import type { MailboxSettings } from '../flow/mailbox/MailboxSettings.js';
import type { Dispatcher } from './Dispatcher.js';
import type { NoticeLog } from './NoticeLog.js';
import type { Addressee } from './Routes.js';

/** A subscriber that first gets a replay, and then joins its routes. */
export interface Latecomer<E> extends Addressee<E> {
  readonly isOpen: boolean;
  readonly handler: (event: E) => unknown;
  readonly delivery: { threw(error: unknown): void };
  begin(): void;
}

/** The replay of one late subscriber. */
export interface Late<E> {
  /** Adapts the settings of its mailbox, which accepts every replayed event, whatever its bounds. */
  applied<U>(settings: MailboxSettings<U, E>): MailboxSettings<U, E>;
  /** Replays after the current event, and adds the subscriber to its routes. */
  begin(subscriber: Latecomer<E>): void;
}

/** The events that a broker has kept. The broker imports only this interface, so bundles without `replay` stay small. */
export interface ReplayLog<E> {
  /** Throws `OptionError` if `since` is invalid. */
  late(since: 'replay' | After<E>, delivery: Delivery<E>): Late<E>;
  /** The broker is closed: drops all kept events. */
  end(): void;
}

/** The parts of a broker that its log uses. */
export interface ReplayHost<E extends AnyEvent> {
  readonly dispatcher: Dispatcher<E>;
  readonly notices: NoticeLog<E>;
  readonly maxPending: number;
  readonly sizeOf: ((event: E) => number) | undefined;
}

/** What `replay()` returns, as the broker sees it. */
export interface OpensReplay<E extends AnyEvent> {
  /** Throws `OptionError` if it contradicts the other options of the broker. */
  open(host: ReplayHost<E>): ReplayLog<E>;
}
