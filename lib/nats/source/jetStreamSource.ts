import { asyncScheduler, Observable, ReplaySubject } from 'rxjs';
import { OptionError } from '../../flow/contract/OptionError.js';
import type { OpenedSource } from '../../flow/contract/Pausable.js';
import { lease } from '../../flow/lease.js';
import { reporter } from '../../flow/reporter.js';
import { noSettlement } from '../../flow/settlement/noSettlement.js';
import { subscribeOwned } from '../../flow/subscribeOwned.js';
import type { JetStreamMessage } from './JetStreamMessage.js';
import { checkJetStreamOptions, type JetStreamSourceOptions } from './JetStreamSourceOptions.js';
import { readStream, type ReadSettings } from './readStream.js';

/**
 * Reads a NATS JetStream stream in order. The stored position moves when messages are settled.
 *
 *     stream     1 2 3 4 5 6 7 …
 *     emitted    ──1─2─3─4─5──
 *     settled    ────1─────2─3
 *     position   ────1───────3      after a restart: 4 5 6 7 …
 *
 * **Use it** for work that must be done in order and at least once. Messages are never redelivered out of order: a retry holds
 * up the messages after it. If your store commits the position together with its results, the work is done exactly once.
 *
 * **Order.** Stream order. Each subscription gets each message once. The source completes only after `stop$` has emitted.
 *
 * **Errors.** `NotSettledError`, `HeldBackError`. Before the first message: `StreamConfigError`, `ExpiredError`,
 * `StreamGoneError`. Later: `StreamMessageError`, `StreamGoneError`, `StreamUnavailableError`, and errors of the position.
 * `OptionError` is thrown by the call. A lost connection is no error: the source waits until it is back.
 *
 * **Gotchas.** Only one process at a time may use a position. Unread messages must still be in the stream after a restart, so set
 * `max_age` to more than the longest outage.
 *
 * @param options - `connection`, `stream` and `position` are required.
 * @example
 * ```ts
 * const connection = await connect({ maxReconnectAttempts: -1 });
 * const bucket = await new Kvm(connection).create('positions');
 * const orders = jetStreamSource({
 *   connection,
 *   stream: 'ORDERS',
 *   position: kvPosition(bucket, 'ledger'),
 * });
 * backpressure(orders, {
 *   required: true,
 *   project: ({ data }) => save(data),
 * }).subscribe();
 * ```
 * @see node_modules/rx-event-broker/docs/sources/jetstream.md
 */
export const jetStreamSource = (options: JetStreamSourceOptions): OpenedSource<JetStreamMessage> => {
  const checked = checkJetStreamOptions(options);
  const { connection, stream, subject, position, notices } = checked;
  if (checked.settlement === 'none' && position.follow !== undefined && position.write === undefined)
    throw new OptionError('settlement', "not 'none', because only the store writes this position", 'none');
  const settings: ReadSettings = {
    options: checked,
    connection,
    stream,
    subject,
    what: subject === undefined ? `stream ${stream}` : `stream ${stream}, subject ${subject}`,
    batchSize: checked.batchSize ?? 1000,
    maxBytes: checked.maxBytes ?? 4 * 1024 * 1024,
    everyMs: checked.everyMs ?? 1000,
    stallAfter: checked.stallAfter ?? 10_000,
    giveUpAfter: checked.giveUpAfter ?? Infinity,
    apiPrefix: checked.apiPrefix ?? '$JS.API',
    inboxPrefix: checked.inboxPrefix ?? '_INBOX',
    scheduler: checked.scheduler ?? asyncScheduler,
  };

  return (pause$, settlement) =>
    new Observable(subscriber => {
      const report = reporter<unknown>(notices, { id: 0, key: 0, name: settings.what });
      const stopped$ = new ReplaySubject<void>(1);
      const state = { isWaiting: true, isComplete: false, isHeard: false };
      const failed = (error: unknown): void => {
        state.isHeard = true;
        subscriber.error(error);
      };

      const begin = (end: () => void): void => {
        state.isWaiting = false;
        const released = (late: readonly unknown[] = []): void => {
          end();
          report.notify({ type: 'Released', what: settings.what });
          if (!state.isComplete) for (const error of late) report.failed([], error, 1, state.isHeard);
          else if (late.length > 0) subscriber.error(late[0]);
          else subscriber.complete();
        };
        // the source ends later than its reading, because the position is stored in between
        const read$ = new Observable<JetStreamMessage>(inner => {
          const found = checked.settlement ?? settlement ?? noSettlement('jetStreamSource');
          void readStream(inner, settings, report.notify, { pause$, settlement: found, stopped$ })
            .catch((error: unknown) => inner.error(error))
            .then(late => released(late ?? []));
        });
        const complete = (): void => {
          state.isComplete = true;
        };
        subscribeOwned(subscriber, read$, { next: message => subscriber.next(message), error: failed, complete });
      };
      const stop = (): void => {
        if (state.isWaiting) subscriber.complete();
        else stopped$.next();
      };

      subscriber.add(lease(position, begin));
      if (checked.stop$ !== undefined) subscribeOwned(subscriber, checked.stop$, { next: stop, error: failed });
      if (state.isWaiting) report.notify({ type: 'Waiting', what: `${settings.what}: its position is in use` });
    });
};
