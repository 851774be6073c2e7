import type { NextObserver, Observable, SchedulerLike } from 'rxjs';
import type { Notice } from '../../flow/Notice.js';

/** What both ends of a connection may be told. */
export interface SocketOptions {
  /**
   * The consumer's level: while `true`, nothing is emitted and the TCP stream is not read, so that the peer comes to a
   * halt (promise N6). What is in memory then is at most 64 kB of bytes read and as many in the stream's buffer, or one
   * message that is larger.
   */
  readonly pause$?: Observable<boolean>;
  /** Told `PeerRejected` (a connection was refused, failed or lost), `Waiting` (for whom) and `Released`. */
  readonly notices?: NextObserver<Notice>;
  /**
   * In bytes, default 64 MiB: a frame that claims more ends its connection, a larger message is not sent but an error. The
   * most, too, that may wait to be sent.
   */
  readonly maxMessageBytes?: number;
  /** What deadlines and redials are timed by; default `asyncScheduler`. The network itself is real time. */
  readonly scheduler?: SchedulerLike;
}
