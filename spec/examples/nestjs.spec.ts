import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { expect, test } from '@jest/globals';
import { NEVER } from 'rxjs';
import type { EventBroker } from 'rx-event-broker';
import { BROKER, brokerModule } from '../../examples/nestjs/brokerModule.js';
import { main } from '../../examples/nestjs/main.js';
import { lines } from './lines.js';

type Tick = { readonly type: 'Tick' };
const tick: Tick = { type: 'Tick' };

const applicationOf = async (...imports: readonly DynamicModule[]) => {
  const module = class {};
  const app = await NestFactory.createApplicationContext({ module, imports: [...imports] }, { logger: false });
  return { app, broker: app.get<EventBroker<Tick>>(BROKER) };
};

test('closing an application waits for its handlers, and then closes their resources', async () => {
  const { print, printed } = lines();
  await main(print);
  expect(printed).toEqual([
    '5 orders sent, 0 stored',
    'closed: 5 stored, the database is closed',
    'no order 6: BrokerClosedError',
  ]);
});

test('B6 a handler that never ends is cut off, and does not hold the application', async () => {
  const { app, broker } = await applicationOf(brokerModule<Tick>(5));
  broker.subscribe({ name: 'stuck', required: true, next: () => NEVER });
  broker.send(tick);
  broker.send(tick);
  await app.close();
  expect(broker.snapshot().subscribers).toMatchObject([{ failed: 1, dropped: 1, pending: 0 }]);
});

test('B10 a broker that was stopped fails the shutdown, with the cause', async () => {
  const { app, broker } = await applicationOf(brokerModule<Tick>(1000));
  broker.notices$.subscribe();
  broker.subscribe({ required: true, next: () => Promise.reject(new Error('no disk')) });
  broker.send(tick);
  await expect(app.close()).rejects.toMatchObject({ name: 'BrokerStoppedError', cause: { message: 'no disk' } });
});

test('the options are those of the broker', async () => {
  const { app, broker } = await applicationOf(brokerModule<Tick>(1000, { maxPending: 1 }));
  broker.subscribe({ required: true, next: () => NEVER });
  broker.send(tick);
  expect(() => broker.send(tick)).toThrow(expect.objectContaining({ name: 'BacklogFullError' }));
  broker.close();
  await app.close();
});
