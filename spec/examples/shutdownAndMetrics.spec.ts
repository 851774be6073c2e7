import { expect, test } from '@jest/globals';
import { map, NEVER, of, timer } from 'rxjs';
import { eventBroker } from 'rx-event-broker';
import { runMarbles } from 'rx-event-broker/testing';
import { main } from '../../examples/shutdown-and-metrics/main.js';
import { metrics } from '../../examples/shutdown-and-metrics/metrics.js';
import { shutdown } from '../../examples/shutdown-and-metrics/shutdown.js';
import { lines } from './lines.js';

type Mail = { readonly type: 'Mail' };
const mail: Mail = { type: 'Mail' };

test('B6 waiting mails are sent after a stop signal, and no more are accepted', async () => {
  const { print, printed } = lines();
  await main(print, of('SIGTERM'));
  expect(printed.slice(0, 3)).toEqual(['log: ada', 'log: bob', 'log: cleo']);
  expect(printed[3]?.split('\n')).toEqual(
    expect.arrayContaining(['broker_sent_total 3', 'broker_pending{subscriber="mailer",key="1"} 3']),
  );
  expect(printed.slice(4)).toEqual([
    'asked to stop',
    'not sent to dora: BrokerClosedError',
    'mailer: 3 delivered, 0 pending',
    'log: 3 delivered, 0 pending',
  ]);
});

test('B6 work that does not finish within the limit is cancelled and counted', () => {
  runMarbles(({ expectObservable }) => {
    const broker = eventBroker<Mail>();
    broker.subscribe({ name: 'stuck', required: true, next: () => NEVER });
    broker.sendBatch([mail, mail, mail]);
    const tally$ = shutdown(broker, 7).pipe(
      map(
        ({ subscribers: [stuck] }) => `${stuck?.failed} failed, ${stuck?.dropped} dropped, ${stuck?.pending} pending`,
      ),
    );
    expectObservable(tally$).toBe('-------(s|)', { s: '1 failed, 2 dropped, 0 pending' });
  });
});

test('the metrics are in the format of Prometheus: a type a family, names escaped', () => {
  const broker = eventBroker<Mail>();
  broker.subscribe({ name: 'a "b"\\', required: false, next: () => timer(1) });
  broker.send(mail);
  const text = metrics(broker.snapshot());
  broker.close();
  expect(text.endsWith('\n')).toBe(true);
  expect(text.split('\n')).toEqual(
    expect.arrayContaining(['# TYPE broker_pending gauge', 'broker_pending{subscriber="a \\"b\\"\\\\",key="1"} 1']),
  );
  const sample = /^(# TYPE \w+ (counter|gauge)|\w+({subscriber="(\\.|[^"\\])*",key="\d+"})? \d+)$/;
  expect(
    text
      .trimEnd()
      .split('\n')
      .filter(line => !sample.test(line)),
  ).toEqual([]);
});
