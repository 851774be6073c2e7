import type { BeforeApplicationShutdown, DynamicModule } from '@nestjs/common';
import { EMPTY, timeout } from 'rxjs';
import { eventBroker, type AnyEvent, type BrokerOptions, type EventBroker } from 'rx-event-broker';

/** The token of the broker: `@Inject(BROKER)`, or `inject: [BROKER]`. */
export const BROKER = Symbol('broker');

/**
 * Drains the broker before the application shuts down. A drain that takes longer than `within`, in ms, is cut off: the delivery in
 * flight is cancelled, waiting events are dropped, and the `Closed` notices report both.
 */
class BrokerShutdown<E extends AnyEvent> implements BeforeApplicationShutdown {
  readonly #broker: EventBroker<E>;
  readonly #within: number;

  constructor(broker: EventBroker<E>, within: number) {
    this.#broker = broker;
    this.#within = within;
  }

  async beforeApplicationShutdown(): Promise<void> {
    // `timeout` unsubscribes from the drain, which closes the broker
    await this.#broker
      .drain()
      .pipe(timeout({ first: this.#within, with: () => EMPTY }))
      .forEach(() => undefined);
  }
}

class BrokerModule {}

/** A broker for the whole application. `drainWithin`: how long its drain may take, in ms. */
export const brokerModule = <E extends AnyEvent>(drainWithin: number, options?: BrokerOptions<E>): DynamicModule => ({
  module: BrokerModule,
  global: true,
  providers: [
    { provide: BROKER, useFactory: () => eventBroker<E>(options) },
    {
      provide: BrokerShutdown,
      useFactory: (broker: EventBroker<E>) => new BrokerShutdown(broker, drainWithin),
      inject: [BROKER],
    },
  ],
  exports: [BROKER],
});
