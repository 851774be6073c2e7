// The same pause for three subscribers: one skips events, an optional one holds what fits, a required one holds all of them.
// Look at what each gets when the pause ends, and at "full": the backlog of a required subscriber on hold fills up, and the
// sender must wait.
import { BehaviorSubject } from 'rxjs';
import { eventBroker } from 'rx-event-broker';

type Message = { readonly type: 'Message'; readonly nr: number };

export const main = (print: (line: string) => void): void => {
  const broker = eventBroker<Message>();
  const paused$ = new BehaviorSubject(false);

  broker.subscribe({ name: 'skips', required: false, skip$: paused$, next: ({ nr }) => print(`  skips: ${nr}`) });
  broker.subscribe({
    name: 'holds two',
    required: false,
    hold$: paused$,
    capacity: 2,
    missed: ({ count }) => print(`  holds two: missed ${count}`),
    next: ({ nr }) => print(`  holds two: ${nr}`),
  });
  broker.subscribe({
    name: 'holds all',
    required: true,
    hold$: paused$,
    highWaterMark: 3,
    next: ({ nr }) => print(`  holds all: ${nr}`),
  });
  const send = (nr: number): void => {
    print(`send ${nr}`);
    if (!broker.send({ type: 'Message', nr })) print('  full');
  };

  send(1);
  print('paused');
  paused$.next(true);
  send(2);
  send(3);
  send(4);
  print('resumed');
  paused$.next(false);
  send(5);

  for (const { name, delivered, skipped, dropped } of broker.snapshot().subscribers) {
    print(`${name}: ${delivered} delivered, ${skipped} skipped, ${dropped} dropped`);
  }
};
