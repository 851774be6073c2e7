// The counters of a broker for Prometheus, with prom-client: what its server answers when it is scraped.
// Look at the second scrape: the first chart was closed, and its counts are still included.
import { Registry } from 'prom-client';
import { NEVER } from 'rxjs';
import { eventBroker } from 'rx-event-broker';
import { brokerMetrics } from './brokerMetrics.js';

type Price = { readonly type: 'Price'; readonly value: number };

export const main = async (print: (line: string) => void): Promise<void> => {
  const register = new Registry();
  const broker = eventBroker<Price>();
  brokerMetrics(broker, register);
  const scrape = async (): Promise<void> => {
    const lines = (await register.metrics()).split('\n');
    for (const line of lines.filter(sample => /^broker_(sent|events|pending).* [^0]/.test(sample))) print(line);
  };

  broker.subscribe({ name: 'ledger', required: true, next: () => undefined });
  const chart = () => broker.subscribe({ name: 'chart', required: false, capacity: 2, next: () => NEVER });
  const first = chart();
  for (let value = 1; value <= 5; value++) broker.send({ type: 'Price', value });
  await scrape();

  print('');
  first.unsubscribe();
  chart();
  broker.send({ type: 'Price', value: 6 });
  await scrape();
  broker.close();
};
