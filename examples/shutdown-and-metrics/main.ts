// A service with a slow mailer is asked to stop while mails wait: it accepts nothing more, and finishes them within a limit.
// Look at `broker_pending` in the metrics before, which is what waited, and at the last lines, where nothing does.
import { type Observable, switchMap, take, tap, timer } from 'rxjs';
import { eventBroker } from 'rx-event-broker';
import { metrics } from './metrics.js';
import { shutdown } from './shutdown.js';

type Mail = { readonly type: 'Mail'; readonly to: string };

/** In ms: what a mail takes, and how long a stop may take. */
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
