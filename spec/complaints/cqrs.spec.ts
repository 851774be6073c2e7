// nestjs/cqrs #134, #156: `publish` cannot be awaited, so it is unknown when all handlers of an event have finished; closing the
// application leaves those that run. #164: who wants to know which handler has finished must extend the classes of the library.
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule, EventBus, EventsHandler, type IEventHandler } from '@nestjs/cqrs';
import { describe, expect, test } from '@jest/globals';
import { lastValueFrom, of, Subject } from 'rxjs';
import { eventBroker, type EventBroker } from 'rx-event-broker';
import { BROKER, brokerModule } from '../../examples/nestjs/brokerModule.js';

class Created {
  readonly type = 'Created';
  readonly id: number;
  constructor(id: number) {
    this.id = id;
  }
}

/** Work that a test ends. */
const wallets = () => {
  const created$ = new Subject<void>();
  const done: number[] = [];
  const create = async ({ id }: Created): Promise<void> => {
    await lastValueFrom(created$, { defaultValue: undefined });
    done.push(id);
  };
  return { create, finish: () => created$.complete(), done };
};

/** Every reaction to what has happened so far. */
const turn = () => new Promise(resolve => setImmediate(resolve));

const logOf = (closed: Promise<void>): readonly string[] => {
  const log: string[] = [];
  void closed.then(() => log.push('closed'));
  return log;
};

describe('an event whose handlers create a wallet', () => {
  const cqrsWith = async (handle: (event: Created) => Promise<void>) => {
    class CreateWallet implements IEventHandler<Created> {
      handle(event: Created): Promise<void> {
        return handle(event);
      }
    }
    EventsHandler(Created)(CreateWallet);
    class AppModule {}
    Module({ imports: [CqrsModule.forRoot()], providers: [CreateWallet] })(AppModule);
    const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
    return { app, bus: app.get(EventBus) };
  };

  test('the bus of @nestjs/cqrs returns nothing to wait for, and close does not wait', async () => {
    const { create, finish, done } = wallets();
    const { app, bus } = await cqrsWith(create);
    expect(bus.publish(new Created(1))).toBeUndefined();
    const log = logOf(app.close());
    await turn();
    expect(log).toEqual(['closed']);
    expect(done).toEqual([]);
    finish();
  });

  test('B11b receive completes when every handler of every event has finished', async () => {
    const { create, finish, done } = wallets();
    const broker = eventBroker<Created>();
    broker.subscribe({ name: 'wallet', required: true, next: create });
    broker.subscribe({ name: 'mail', required: true, next: () => undefined });
    const received = lastValueFrom(broker.receive(of(new Created(1), new Created(2))));
    expect(done).toEqual([]);
    finish();
    const { subscribers } = await received;
    expect(done).toEqual([1, 2]);
    expect(subscribers).toMatchObject([{ delivered: 2 }, { delivered: 2 }]);
    broker.close();
  });

  test('B3 I8 a snapshot says which handler has finished, without an additional class', async () => {
    const { create, finish } = wallets();
    const broker = eventBroker<Created>();
    broker.subscribe({ name: 'wallet', required: true, next: create });
    broker.subscribe({ name: 'mail', required: true, next: () => undefined });
    const pending: Record<string, number>[] = [];
    const look = () => Object.fromEntries(broker.snapshot().subscribers.map(one => [one.name, one.pending]));
    broker.changes$.subscribe(() => pending.push(look()));
    broker.send(new Created(1));
    expect(look()).toEqual({ wallet: 1, mail: 0 });
    finish();
    await lastValueFrom(broker.drain());
    expect(pending[0]).toEqual({ wallet: 1, mail: 0 });
    expect(pending.at(-1)).toEqual({ wallet: 0, mail: 0 });
  });

  test('B6 closing an application whose broker is drained waits for all of them', async () => {
    const { create, finish, done } = wallets();
    const module = class {};
    const app = await NestFactory.createApplicationContext(
      { module, imports: [brokerModule<Created>(60_000)] },
      { logger: false },
    );
    const broker = app.get<EventBroker<Created>>(BROKER);
    broker.subscribe({ name: 'wallet', required: true, next: create });
    broker.send(new Created(1));
    const log = logOf(app.close());
    await turn();
    expect(log).toEqual([]);
    finish();
    await turn();
    expect(log).toEqual(['closed']);
    expect(done).toEqual([1]);
  });
});
