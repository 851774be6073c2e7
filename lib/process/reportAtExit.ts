import { writeSync } from 'node:fs';
import type { BrokerSnapshot, SubscriberSnapshot } from '../broker/BrokerSnapshot.js';
import { having, needed, checkOption } from '../flow/contract/options.js';
import { shownError, shownText } from '../event/shown.js';

/** What is asked at the end: any broker. */
export interface Snapshotted {
  /** The counters of the broker. */
  snapshot(): BrokerSnapshot;
}

/** One listener for all brokers: Node warns of many. */
const reported = new Map<object, Snapshotted>();

/**
 * Says on stderr when the process ends while required deliveries of a broker are unfinished: which subscribers, and how many
 * events. A Promise that never settles keeps no Node process alive, so a program can end with status 0 in the middle of its
 * work (promise B15).
 *
 * It reports at any end that Node announces with `exit`: nothing is left to do, `process.exit()`, or an uncaught error. A signal
 * without a listener ends the process before that. It changes neither the end nor its status. A subscriber that was closed with
 * `drainOnClose` is no longer in the snapshot, and is not named. If a handler itself calls `process.exit()`, the event counts for
 * the subscribers that it has reached, and what was sent from inside that delivery does not count yet.
 *
 * Throws `OptionError` if it is given no broker.
 *
 * @param broker - Asked at the end. It is kept until then.
 * @returns A function that stops it.
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
    // a stream may write later, and there is no later
    writeSync(2, text);
  } catch {
    process.stderr.write(text);
  }
};

/** What throws here would hide the other brokers, and change the status of the process. */
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
