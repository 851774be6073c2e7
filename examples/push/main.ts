// A feed that pushes, and can only be asked to wait: an EventEmitter before a slow ledger, with a bounded buffer in between.
// Look at the gap: the feed sends two more prices after it was asked to wait, and one of them does not fit.
import { EventEmitter } from 'node:events';
import { lastValueFrom, Subject } from 'rxjs';
import { eventBroker, fromPush } from 'rx-event-broker';

type Price = { readonly type: 'Price'; readonly value: number };

export const main = async (print: (line: string) => void): Promise<void> => {
  const feed = new EventEmitter();
  const prices = fromPush<Price>(
    (push, { complete }) => {
      feed.on('price', push).on('end', complete);
      return () => feed.removeAllListeners();
    },
    {
      capacity: 1,
      overflow: 'dropOldest',
      pause: () => print('feed: please wait'),
      resume: () => print('feed: go on'),
      missed: ({ count, first }) => print(`missed ${count}, from ${first.value}`),
    },
  );

  const broker = eventBroker<Price>();
  const saved$ = new Subject<void>();
  broker.subscribe({
    required: true,
    highWaterMark: 1,
    next: ({ value }) => {
      print(`ledger: ${value}`);
      return value === 1 ? saved$ : undefined;
    },
  });
  const received = lastValueFrom(broker.receive(prices), { defaultValue: undefined });
  for (const value of [1, 2, 3]) feed.emit('price', { type: 'Price', value });
  saved$.complete();
  feed.emit('price', { type: 'Price', value: 4 });
  feed.emit('end');
  print(`sent ${(await received)?.sent ?? 0} of 4`);
};
