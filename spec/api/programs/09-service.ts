// 9. A NestJS-like service: the broker as a singleton, drained on SIGTERM, scraped for metrics.
import { lastValueFrom, timeout } from 'rxjs';
import { eventBroker, type BrokerSubscription, type Subscriber } from 'rx-event-broker';

type AppEvent =
  { readonly type: 'UserCreated'; readonly userId: string } | { readonly type: 'MailSent'; readonly to: string };

// @Injectable()
export class Events {
  private readonly broker = eventBroker<AppEvent>({ maxPending: 100_000 });

  publish(event: AppEvent): boolean {
    return this.broker.send(event);
  }

  on<T extends AppEvent['type']>(subscriber: Subscriber<AppEvent, T>): BrokerSubscription {
    return this.broker.subscribe(subscriber);
  }

  /** Prometheus scrape. */
  metrics(): string {
    return this.broker
      .snapshot()
      .subscribers.flatMap(({ name, delivered, dropped, failed, pending }) =>
        Object.entries({ delivered, dropped, failed, pending }).map(
          ([k, v]) => `broker_${k}{subscriber="${name}"} ${v}`,
        ),
      )
      .join('\n');
  }

  /** Nest calls it on SIGTERM. */
  async onApplicationShutdown(): Promise<void> {
    const last = await lastValueFrom(this.broker.drain().pipe(timeout(10_000))); // past it: unsubscribed, so closed at once
    console.log(last.subscribers.map(s => `${s.name} ${s.delivered}/${s.offered}`).join(' '));
  }
}

// @Injectable()
export class Mailer {
  constructor(events: Events, smtp: { send(userId: string): Promise<void> }) {
    events.on({
      name: 'mailer',
      required: true,
      types: ['UserCreated'],
      next: e => smtp.send(e.userId),
      drainOnClose: true,
    });
    events.on({ name: 'log', required: false, types: ['MailSent'], next: e => console.log(e.to) });
  }
}
