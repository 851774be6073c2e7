import type { Gap } from './Gap.js';
import type { Tally } from './Tally.js';

/** The subscriber or operator that a notice is about. */
export interface Who {
  /** Its id, from 1; 0 for an operator or a store. Reused after it is closed. */
  readonly id: number;
  /** Identifies it for the whole life of the broker: never reused. 0 for an operator or a store. */
  readonly key: number;
  /** Its name. */
  readonly name: string;
}

/**
 * Something that happened in a broker, an operator or a source. Not replayed.
 *
 * Notices are events themselves, so `ofType` narrows them. Operators and sources take `notices`, an observer.
 * - `Subscribed`, `Closed`: a subscriber was registered; it was closed.
 * - `Dropped`: events were dropped. Emitted when a gap opens, and again with its totals when it closes.
 * - `Failed`: a delivery failed for good.
 * - `Parked`: the events of a failed delivery were stored; or later events of their key were stored without an attempt.
 * - `Expired`: a late subscriber asked for the events after one that is not kept any more. It gets everything that is kept.
 * - `Stalled`: nothing has made progress for `stallAfter`.
 * - `Saturated`, `Clear`: a required backlog reached its high-water mark; it fell to half of it.
 * - `Progress`: how much of the recorded files has been read. `Lag`: how much is written and not yet read.
 * - `Released`, `Waiting`, `Full`: a resource was released; is being waited for; a buffer is full.
 * - `AtRisk`: a configuration allows a loss, which the notice names.
 * - `Acquired`, `Lost`: a partition was taken; its lease was lost.
 * - `Unchecked`: a file of the disk buffer had no checksums, so its records were accepted unchecked.
 * - `Unsettled`: a disk buffer was opened without a settlement, so it does not know what has been processed. Or a branch
 *   of a fan-out left with unsettled values, or its consumer settles nothing more, so nothing after them is settled.
 * - `OpenBlock`, `SlowBlock`: the source ended inside a block; a block took long.
 * - `Invalid`: a message was skipped. `PeerRejected`: a connection was rejected or closed.
 *
 * @example
 * ```ts
 * broker.notices$
 *   .pipe(ofType('Dropped'))
 *   .subscribe(({ subscriber, count }) => console.warn(subscriber.name, count));
 * ```
 * @see node_modules/rx-event-broker/docs/notices.md
 */
export type Notice<E = unknown> =
  | {
      readonly type: 'Subscribed' | 'Expired';
      /** The new subscriber. */
      readonly subscriber: Who;
    }
  | {
      readonly type: 'Closed';
      /** The subscriber that was closed. */
      readonly subscriber: Who;
      /** Its final counters. */
      readonly tally: Tally;
      /** The events of the delivery that was cut off; empty if none was in flight. */
      readonly unfinished: readonly E[];
    }
  | ({
      readonly type: 'Dropped';
      /** The subscriber that missed the events. */
      readonly subscriber: Who;
      /** `true`: the gap has begun, and may grow. `false`: it has ended, and the counts are its totals. */
      readonly open: boolean;
    } & Gap<E>)
  | {
      readonly type: 'Failed';
      /** The subscriber whose delivery failed. */
      readonly subscriber: Who;
      /** The events of the delivery; empty if none was in flight, as when `skip$` errors. */
      readonly events: readonly E[];
      /** The error that the work threw or rejected with. */
      readonly error: unknown;
      /** The number of attempts, including the first. */
      readonly attempts: number;
    }
  | {
      readonly type: 'Parked';
      /** The subscriber whose events were parked. */
      readonly subscriber: Who;
      /** The events of the delivery. */
      readonly events: readonly E[];
      /** `false`: their delivery failed. `true`: it was not attempted, since an earlier event of their key is parked. */
      readonly isBehind: boolean;
    }
  | {
      readonly type: 'Stalled';
      /** The subscriber without progress. */
      readonly subscriber: Who;
      /** The event in flight, or the first one held; absent if there is none. */
      readonly event?: E;
      /** When progress stopped, in ms of the scheduler's clock. */
      readonly since: number;
      /** Events that wait after `event`. */
      readonly waiting: number;
      /** The other subscriber that it waits for, if there is one. */
      readonly waitsFor?: Who;
      /** Why there is no progress, in words, if that is known: sources over a network report it. */
      readonly cause?: string;
    }
  | {
      readonly type: 'Saturated' | 'Clear';
      /** The required subscriber whose level changed. */
      readonly subscriber: Who;
      /** Events in its backlog, including those of the delivery in flight. */
      readonly pending: number;
    }
  | {
      readonly type: 'Released' | 'Waiting' | 'Full' | 'Unsettled' | 'AtRisk';
      /** The resource, in words: a folder, an address, a store. For `AtRisk`, also the possible loss. */
      readonly what: string;
    }
  | {
      readonly type: 'Acquired' | 'Lost';
      /** The partition, in words. */
      readonly what: string;
      /** Its number, from 0. */
      readonly partition: number;
      /** The epoch of its owner. */
      readonly epoch: number;
    }
  | {
      readonly type: 'OpenBlock' | 'SlowBlock';
      /** The height of the block. */
      readonly height: number;
      /** How long it has been open, in ms. */
      readonly ms: number;
    }
  | {
      readonly type: 'Lag';
      /** The buffer between producer and consumer, in words. */
      readonly what: string;
      /** Events written and not yet read. */
      readonly events: number;
      /** Bytes written and not yet read. */
      readonly bytes: number;
    }
  | {
      readonly type: 'Unchecked';
      /** The path of the file. */
      readonly file: string;
      /** Records in it without a checksum. */
      readonly events: number;
    }
  | {
      readonly type: 'Progress';
      /** The path of the file being read. */
      readonly file: string;
      /** Bytes read so far, of all files together. */
      readonly bytes: number;
      /** Bytes of all files together. */
      readonly totalBytes: number;
    }
  | {
      readonly type: 'Invalid';
      /** Why the message is invalid. */
      readonly error: Error;
    }
  | {
      readonly type: 'PeerRejected';
      /** The address of the peer. */
      readonly peer: string;
      /** Why its connection was rejected or closed. */
      readonly error: Error;
    };
