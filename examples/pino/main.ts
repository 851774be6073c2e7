// The notices of a broker as lines of pino. A disk is full, and each of a thousand events fails.
// Look at the last line: three failures are logged, and the others are counted.
import { pino } from 'pino';
import { eventBroker } from 'rx-event-broker';
import { logNotices } from './logNotices.js';

type Order = { readonly type: 'Order'; readonly card: string };

export const main = (print: (line: string) => void): void => {
  const destination = { write: (line: string) => print(line.trimEnd()) };
  const serializers = { err: (error: Error) => ({ type: error.name, message: error.message }) };
  const logger = pino({ base: null, timestamp: false, serializers }, destination);
  const broker = eventBroker<Order>();
  logNotices(broker.notices$, logger, { lines: 3, within: 1000 });
  broker.subscribe({
    name: 'store',
    required: true,
    onFailure: 'continue',
    next: () => {
      throw new Error('no space left on device');
    },
  });
  for (let nr = 1; nr <= 1000; nr++) broker.send({ type: 'Order', card: '4000 1234' });
  broker.close();
};
