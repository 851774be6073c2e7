import { Observable, Subscription } from 'rxjs';
import { BacklogFullError } from '../../flow/contract/BacklogFullError.js';
import { DEFAULT_MAX_PENDING } from '../../flow/contract/Delivery.js';
import { checkSource, openSource, type Source } from '../../flow/contract/Source.js';
import { anyTrue } from '../../flow/level/anyTrue.js';
import { Watermark } from '../../flow/level/Watermark.js';
import { MailboxSettlement, type Consumed } from '../../flow/settlement/MailboxSettlement.js';
import { subscribeOwned } from '../../flow/subscribeOwned.js';
import type { Published } from './Published.js';
import type { Outgoing, OutgoingOwner } from './Outgoing.js';
import type { PublishQueue } from './PublishQueue.js';

/**
 * The `publish` of a sink. It settles the values of its source.
 *
 *     source ──► queue ──► stream
 *        ▲         │
 *        └─ pause$ ┘ while two windows are pending: one in flight, and one that waits
 */
export const publishFrom =
  <T>(
    queue: PublishQueue<T>,
    toOutgoing: (value: T, owner: OutgoingOwner<T>) => Outgoing<T>,
    { window, windowBytes }: { readonly window: number; readonly windowBytes: number },
  ) =>
  (source: Source<T>): Observable<Published<T>> => {
    checkSource(source);
    const consumed: Consumed = { received: 0, settled: 0 };
    return new Observable(subscriber => {
      const pressure = anyTrue();
      const mark = new Watermark(2 * window, 2 * windowBytes);
      const state = {
        offered: 0,
        pending: 0,
        bytes: 0,
        hasCompleted: false,
        get settled() {
          return state.offered - state.pending;
        },
      };
      const settlement = new MailboxSettlement(state, consumed, { required: true });

      const relevel = (): void => {
        if (mark.update(state.pending, state.bytes)) {
          if (mark.reached) pressure.raise();
          else pressure.lower();
        }
      };
      const stop = (error: unknown): void => {
        settlement.end();
        subscriber.error(error);
      };
      const owner: OutgoingOwner<T> = {
        stored: ({ value, subject, sequence, duplicate, data }) => {
          if (subscriber.closed) return;
          subscriber.next({ value, subject, sequence: sequence === 0 ? undefined : sequence, duplicate });
          state.pending--;
          state.bytes -= data.length;
          settlement.finished();
          relevel();
          if (state.hasCompleted && state.pending === 0) subscriber.complete();
        },
        failed: stop,
      };

      // unsubscribe the source first: `withdraw` lowers the level, which would resume it
      const input = new Subscription();
      subscriber.add(input);
      subscriber.add(() => settlement.end());
      subscriber.add(() => queue.withdraw(owner));

      subscribeOwned(input, openSource(source, pressure.level$, settlement.settlement), {
        next: value => {
          if (state.pending >= DEFAULT_MAX_PENDING) {
            stop(new BacklogFullError('jetStreamSink', state.pending, DEFAULT_MAX_PENDING));
            return;
          }
          const outer = settlement.place;
          const place = settlement.take();
          const outgoing = toOutgoing(value, owner);
          state.offered++;
          state.pending++;
          state.bytes += outgoing.data.length;
          settlement.accepted();
          relevel();
          queue.push(outgoing);
          settlement.taken(place, outer);
        },
        error: stop,
        complete: () => {
          state.hasCompleted = true;
          if (state.pending === 0) subscriber.complete();
        },
      });
    });
  };
