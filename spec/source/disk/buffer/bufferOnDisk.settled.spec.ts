import { describe, expect, test } from '@jest/globals';
import { from, map, NEVER, Observable, Subject } from 'rxjs';
import { eventBroker } from '../../../../lib/broker/eventBroker.js';
import type { Pausable } from '../../../../lib/flow/contract/Pausable.js';
import { SettledCount } from '../../../../lib/flow/settlement/SettledCount.js';
import { settledBy } from '../../../../lib/flow/settlement/settledBy.js';
import { bufferOnDisk } from '../../../../lib/source/disk/buffer/bufferOnDisk.js';
import type { Sync } from '../../../../lib/source/disk/buffer/bufferOptions.js';
import { folderOf } from '../folder.js';
import { bytesOf, textOf } from '../records.js';
import { noticeLog, settled, watch, watchAll, when } from '../watch.js';
import { messagesOf, runAll, textsOf } from './runBuffer.js';

const counting = () => {
  const count = new SettledCount({ received: 0, settled: 0 }, () => {});
  return {
    count,
    received: () => {
      count.received++;
    },
  };
};

describe('downwards', () => {
  test('D5g D5k the cursor follows the settled prefix: a restart repeats exactly the unsettled', async () => {
    const directory = folderOf();
    const { count, received } = counting();
    const { observer, until } = noticeLog();
    const first = watch(bufferOnDisk(messagesOf(textsOf(9)), { directory, notices: observer })(NEVER, count), received);
    await when(() => first.texts.length === 9);
    count.settle(4);
    await settled();
    expect(first.end).toBe('running');
    first.subscription.unsubscribe();
    count.settle(9);
    await until('Released');
    expect((await runAll(from([]), { directory })).texts).toEqual(textsOf(5, 5));
  });

  test('K4 K3 it completes when everything that it emitted is settled', async () => {
    const directory = folderOf();
    const { count, received } = counting();
    const { observer, until } = noticeLog();
    const run = watch(bufferOnDisk(messagesOf(textsOf(3)), { directory, notices: observer })(NEVER, count), received);
    await when(() => run.texts.length === 3);
    count.settle(2);
    await settled();
    expect(run.end).toBe('running');
    count.settle(3);
    expect(run.end).toBe('complete');
    await until('Released');
    expect((await runAll(from([]), { directory })).texts).toEqual([]);
  });

  test.each([undefined, 'none'] as const)(
    'D5g without a settlement, %s said: it comes through, and a notice',
    async said => {
      const directory = folderOf();
      const { observer, notices } = noticeLog();
      const options = { directory, notices: observer, ...(said && { settlement: said }) };
      const opened = bufferOnDisk(messagesOf(textsOf(3)), options);
      expect((await watchAll(opened(NEVER))).texts).toEqual(textsOf(3));
      const told = { type: 'Unsettled', what: directory };
      expect(notices.filter(({ type }) => type === 'Unsettled')).toEqual(said === undefined ? [told] : []);
    },
  );
});

describe('upwards', () => {
  const telling = (tokens: number[], messages$: Observable<string>): Pausable<Uint8Array> => {
    return (_, settlement) =>
      new Observable(subscriber => {
        const given = settledBy<number>(subscriber, settlement, token => tokens.push(token));
        let token = 0;
        subscriber.add(messages$.subscribe(text => given(++token, () => subscriber.next(bytesOf(text)))));
      });
  };

  test.each<Sync>(['always', 'never', { everyMs: 1 }])(
    'K4 a message of its source is settled when it is durable: sync %p',
    async sync => {
      const tokens: number[] = [];
      const messages = new Subject<string>();
      const options = { directory: folderOf(), settlement: 'none' as const, sync };
      const run = watch(bufferOnDisk(telling(tokens, messages), options)(NEVER));
      await when(() => messages.observed);
      for (const text of textsOf(3)) messages.next(text);
      expect(tokens).toEqual([]);
      await when(() => tokens.at(-1) === 3);
      run.subscription.unsubscribe();
    },
  );

  test('K4g with onBlock it is settled when the next block begins', async () => {
    const tokens: number[] = [];
    const messages = new Subject<string>();
    const acknowledge = {
      blockOf: (message: Uint8Array) => ({ block: String(message[0]), begins: message[1] === 49 }),
      done$: NEVER,
    };
    const run = watch(
      bufferOnDisk(telling(tokens, messages), { directory: folderOf(), sync: 'onBlock', acknowledge })(NEVER),
    );
    await when(() => messages.observed);
    messages.next('a1');
    await when(() => tokens.length === 1);
    messages.next('a2');
    await when(() => run.texts.length === 2);
    await settled();
    const before = tokens.at(-1);
    messages.next('b1');
    await when(() => (tokens.at(-1) ?? 0) >= 2);
    expect(before).toBeLessThan(2);
    run.subscription.unsubscribe();
  });
});

test('K4 D5 a broker with two required async subscribers: events that one of them has not finished come again', async () => {
  const directory = folderOf();
  const { observer, until } = noticeLog();
  const broker = eventBroker<{ type: 'Text'; text: string }>();
  const seen: string[] = [];
  broker.subscribe({ name: 'quick', required: true, types: ['Text'], next: async () => {} });
  broker.subscribe({
    name: 'slow',
    required: true,
    types: ['Text'],
    next: ({ text }) => {
      seen.push(text);
      return text === 'message 4' ? NEVER : Promise.resolve();
    },
  });
  const buffered = bufferOnDisk(messagesOf(textsOf(6)), { directory, notices: observer });
  const run = broker
    .receive((pause$, settlement) =>
      buffered(pause$, settlement).pipe(map(message => ({ type: 'Text' as const, text: textOf(message) }))),
    )
    .subscribe();
  await when(() => seen.length === 4);
  run.unsubscribe();
  await until('Released');
  broker.close();
  expect((await runAll(from([]), { directory })).texts).toEqual(textsOf(3, 4));
});
