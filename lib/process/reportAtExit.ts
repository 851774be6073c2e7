import { writeSync } from 'node:fs';
import type { BrokerSnapshot, SubscriberSnapshot } from '../broker/BrokerSnapshot.js';
import { having, needed, checkOption } from '../flow/contract/options.js';
import { shownError, shownText } from '../event/shown.js';

/** Any broker: its snapshot is taken when the process ends. */
export interface Snapshotted {
  /** The counters of the broker. */
  snapshot(): BrokerSnapshot;
}

/** The brokers to report. One listener serves all of them, because Node warns about many listeners. */
const reported = new Map<object, Snapshotted>();

/**
 * Reports on stderr if the process ends while required deliveries of a broker are unfinished: which subscribers, and how many
 * events. A Promise that never settles keeps no Node process alive, so a program can end with status 0 in the middle of its
 * work (promise B15).
 *
 * It reports whenever Node emits `exit`: nothing is left to do, `process.exit()`, or an uncaught error. A signal without a
 * listener ends the process without `exit`. The report does not change how the process ends, nor its status.
 *
 * A subscriber that was closed with `drainOnClose` is no longer in the snapshot, so it is not named. If a handler itself calls
 * `process.exit()`, its event counts for the subscribers that it has reached. Events sent inside that delivery do not count.
 *
 * Throws `OptionError` if `broker` is no broker.
 *
 * @param broker - Its snapshot is taken when the process ends. It is kept in memory until then.
 * @returns A function that removes the report.
 * @example
 * ```ts
 * const stop = reportAtExit(broker);
 * broker.drain().subscribe({ complete: stop });
 * ```
 * @see node_modules/rx-event-broker/docs/asynchronous.md#a-process-that-ends-too-early
 */
export const reportAtExit = (broker: Snapshotted): (() => void) => {
  checkOption('broker', broker, needed(having('an event broker', 'snapshot')));
  const key = {};
  if (reported.size === 0) process.on('exit', report);
  reported.set(key, broker);
  return () => {
    if (reported.delete(key) && reported.size === 0) process.off('exit', report);
  };
};

const report = (): void => {
  const lines = [...new Set(reported.values())].flatMap(linesOf);
  if (lines.length === 0) return;
  const text = ['rx-event-broker: the process ends with required deliveries unfinished', ...lines, ''].join('\n');
  try {
    // synchronously: a stream may write later, when the process has ended
    writeSync(2, text);
  } catch {
    process.stderr.write(text);
  }
};

/** Never throws: that would hide the other brokers, and change the status of the process. */
const linesOf = (broker: Snapshotted): readonly string[] => {
  try {
    return unfinished(broker).map(inWords);
  } catch (error) {
    return [`  a broker whose snapshot cannot be read: ${shownError(error)}`];
  }
};

const unfinished = (broker: Snapshotted): readonly SubscriberSnapshot[] =>
  broker.snapshot().subscribers.filter(({ required, pending }) => required && pending > 0);

const inWords = ({ name, id, pending }: SubscriberSnapshot): string =>
  `  ${shownText(name)} (id ${id}): ${pending} ${pending === 1 ? 'event' : 'events'} pending`;
