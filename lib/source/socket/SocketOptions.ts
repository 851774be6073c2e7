import { type NextObserver, type Observable, type SchedulerLike, isObservable } from 'rxjs';
import type { Notice } from '../../flow/contract/Notice.js';
import { count, level, observer, scheduler, type Check } from '../../flow/contract/options.js';

/** The options that the server and the client share. */
export interface SocketOptions {
  /**
   * The consumer's level: while `true`, nothing is emitted and the TCP stream is not read, so the peer stops sending
   * (promise N6). Memory then holds at most 128 kB, or one larger message. Default: never paused.
   */
  readonly pause$?: Observable<boolean>;
  /** Receives `PeerRejected` (a connection was rejected, failed or lost), `Waiting` and `Released`. Default: none. */
  readonly notices?: NextObserver<Notice>;
  /**
   * The largest message, in bytes. A peer that sends a larger one is disconnected. Sending a larger one errors with
   * `MessageTooLargeError`. The bytes that wait to be sent have the same limit. Default 64 MiB.
   */
  readonly maxMessageBytes?: number;
  /** Times deadlines and redials. Default: RxJS's `asyncScheduler`. The network itself takes real time. */
  readonly scheduler?: SchedulerLike;
}

/** Checks the options of `SocketOptions`. */
export const socketChecks = {
  pause$: level,
  notices: observer,
  maxMessageBytes: count(0, Number.MAX_SAFE_INTEGER),
  scheduler,
};

/** Checks a source of messages. */
export const aSource: Check = {
  expected: 'an Observable or a function of pause$',
  allows: value => isObservable(value) || typeof value === 'function',
};

/** Not empty: for an empty host the system would listen on every address of the machine (promise N7). */
export const host: Check = {
  expected: 'a name or an address',
  allows: value => typeof value === 'string' && value.trim() !== '',
};

export const MAX_MESSAGE_BYTES = 64 * 2 ** 20;
