import type { NextObserver, Observable, SchedulerLike } from 'rxjs';
import type { Notice } from '../../flow/contract/Notice.js';

/** The options that the server and the client share. */
export interface SocketOptions {
  /**
   * The consumer's level: while `true`, nothing is emitted and the TCP stream is not read, so the peer stops sending
   * (promise N6). Memory then holds at most 128 kB, or one message that is larger. Default: never paused.
   */
  readonly pause$?: Observable<boolean>;
  /** Receives `PeerRejected` (a connection was rejected, failed or lost), `Waiting` and `Released`. Default: nobody. */
  readonly notices?: NextObserver<Notice>;
  /**
   * The largest message, in bytes. A peer that sends a larger one is disconnected; sending one is a
   * `MessageTooLargeError`. Also the most bytes that may wait to be sent. Default 64 MiB.
   */
  readonly maxMessageBytes?: number;
  /** Times deadlines and redials. Default: RxJS's `asyncScheduler`. The network itself takes real time. */
  readonly scheduler?: SchedulerLike;
}
