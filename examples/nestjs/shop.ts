import type { DynamicModule, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import type { EventBroker } from 'rx-event-broker';
import { BROKER, brokerModule } from './brokerModule.js';

export type Order = { readonly type: 'Order'; readonly id: number };

/** Stands in for a connection pool, which is closed last. */
export class Database implements OnApplicationShutdown {
  readonly stored: number[] = [];
  isOpen = true;

  async store(id: number): Promise<void> {
    await setTimeout(2);
    if (!this.isOpen) throw new Error('the database is closed');
    this.stored.push(id);
  }

  onApplicationShutdown(): void {
    this.isOpen = false;
  }
}

/** A handler is a provider that subscribes when it is initialised. */
export class Ledger implements OnModuleInit {
  readonly #broker: EventBroker<Order>;
  readonly #database: Database;

  constructor(broker: EventBroker<Order>, database: Database) {
    this.#broker = broker;
    this.#database = database;
  }

  onModuleInit(): void {
    this.#broker.subscribe({
      name: 'ledger',
      required: true,
      types: ['Order'],
      next: ({ id }) => this.#database.store(id),
    });
  }
}

/** A provider that only sends needs only the broker. */
export class Shop {
  readonly #broker: EventBroker<Order>;

  constructor(broker: EventBroker<Order>) {
    this.#broker = broker;
  }

  order(id: number): void {
    this.#broker.send({ type: 'Order', id });
  }
}

class ShopModule {}

/** With decorators, a class of `@Module`, and `@Inject(BROKER)` in the constructors. */
export const shopModule = (): DynamicModule => ({
  module: ShopModule,
  imports: [brokerModule<Order>(10_000)],
  providers: [
    Database,
    {
      provide: Ledger,
      useFactory: (...of: [EventBroker<Order>, Database]) => new Ledger(...of),
      inject: [BROKER, Database],
    },
    { provide: Shop, useFactory: (broker: EventBroker<Order>) => new Shop(broker), inject: [BROKER] },
  ],
});
