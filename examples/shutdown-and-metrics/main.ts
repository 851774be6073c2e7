// A service with a slow mailer gets a stop signal while mails wait. It accepts no more mails, and finishes these within a limit.
// Look at `broker_pending` in the metrics, which counts the waiting mails, and at the last lines: none is left.
import { type Observable, switchMap, take, tap, timer } from 'rxjs';
import { eventBroker } from 'rx-event-broker';
import { metrics } from './metrics.js';
import { shutdown } from './shutdown.js';

type Mail = { readonly type: 'Mail'; readonly to: string };

/** The time of one mail, and the limit of a stop, in ms. */
const mailTime = 5;
const patience = 10_000;

export const main = async (print: (line: string) => void, stop$: Observable<unknown>): Promise<void> => {
  const broker = eventBroker<Mail>();
  const send = (to: string): void => {
    try {
      broker.send({ type: 'Mail', to });
    } catch (error) {
      print(`not sent to ${to}: ${(error as Error).name}`);
    }
  };
  broker.subscribe({ name: 'mailer', required: true, next: () => timer(mailTime) });
  broker.subscribe({ name: 'log', required: false, next: ({ to }) => print(`log: ${to}`) });
  for (const to of ['ada', 'bob', 'cleo']) send(to);
  print(metrics(broker.snapshot()));

  await stop$
    .pipe(
      take(1),
      tap(() => print('asked to stop')),
      switchMap(() => {
        const drained$ = shutdown(broker, patience);
        send('dora');
        return drained$;
      }),
    )
    .forEach(({ subscribers }) => {
      for (const { name, delivered, pending } of subscribers)
        print(`${name}: ${delivered} delivered, ${pending} pending`);
    });
};
