import { describe, expect, test } from '@jest/globals';
import { NEVER } from 'rxjs';
import { eventBroker } from '../../lib/broker/eventBroker.js';
import { thrownBy } from '../flow/helpers.js';
import { replay } from '../../lib/broker/strategies/replay.js';
import { a, still, type Letter } from './events.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

const only = (...types: unknown[]): unknown => still().only(...(types as [Letter['type']]));

const messageOf = (call: () => unknown): string => (thrownBy(call) as Error).message;

describe('the messages of errors', () => {
  test('B6l BrokerClosedError: which call, and that the broker is closed', () => {
    const broker = still();
    broker.close();
    const calls = {
      send: () => broker.send(a(1)),
      sendBatch: () => broker.sendBatch([]),
      subscribe: () => broker.subscribe({ required: true, next: () => undefined }),
      subscribeBatch: () => broker.subscribeBatch([]),
      iterate: () => broker.iterate({ required: true })[Symbol.asyncIterator](),
    };
    for (const [call, ask] of Object.entries(calls))
      expect(thrownBy(ask)).toMatchObject({
        name: 'BrokerClosedError',
        call,
        message: `${call}: the broker is closed or draining (${ERRORS_PAGE}#brokerclosederror)`,
      });
    const errors: unknown[] = [];
    broker.receive(NEVER).subscribe({ error: error => errors.push(error) });
    broker.stream({ required: false }).subscribe({ error: error => errors.push(error) });
    expect(errors).toMatchObject([
      { name: 'BrokerClosedError', call: 'receive' },
      { name: 'BrokerClosedError', call: 'stream' },
    ]);
  });

  test('B6l B7d which call, if an observer of a subscription closes the broker, or a failed delivery meets a closed one', () => {
    const broker = still();
    broker.notices$.subscribe(({ type }) => type === 'Subscribed' && broker.close());
    const subscriber = { required: true, types: ['A'], next: () => undefined } as const;
    expect(thrownBy(() => broker.subscribeBatch([subscriber, subscriber]))).toMatchObject({
      name: 'BrokerClosedError',
      call: 'subscribeBatch',
    });
    const other = still();
    other.notices$.subscribe();
    const next = () => {
      throw new Error('failed');
    };
    other.subscribe({ required: true, next });
    other.subscribe({ required: true, next: () => other.close() });
    expect(thrownBy(() => other.send(a(1)))).toMatchObject({ name: 'BrokerClosedError', call: 'send' });
  });

  test('B6m a receive that is ended by close says so', () => {
    const broker = still();
    const errors: unknown[] = [];
    broker.receive(NEVER).subscribe({ error: error => errors.push(error) });
    broker.close();
    expect(errors).toMatchObject([{ name: 'BrokerClosedError', call: 'receive' }]);
  });

  test.each([
    [new RangeError('too far'), 'RangeError: too far'],
    ['a text', '"a text"'],
  ])('B10h B10i BrokerStoppedError: whose work failed, and of what: %s', (cause, found) => {
    const broker = still();
    broker.subscribe({
      required: true,
      name: 'ledger',
      next: () => {
        throw cause;
      },
    });
    expect(thrownBy(() => broker.send(a(1)))).toMatchObject({
      name: 'BrokerStoppedError',
      message: `required subscriber ledger failed and stopped the broker: ${found} (${ERRORS_PAGE}#brokerstoppederror)`,
      subscriber: 'ledger',
      cause,
    });
  });

  test('B11c ReceiveRunningError: one source at a time', () => {
    const broker = still();
    const errors: Error[] = [];
    broker.receive(NEVER).subscribe();
    broker.receive(NEVER).subscribe({ error: (error: Error) => errors.push(error) });
    expect(errors.map(({ name, message }) => [name, message])).toEqual([
      [
        'ReceiveRunningError',
        `receive: the broker is already receiving from another source; merge the sources, or use a broker for each (${ERRORS_PAGE}#receiverunningerror)`,
      ],
    ]);
  });

  test('B12f BacklogFullError: whose backlog; inside a delivery, that the events sent there filled it', () => {
    const broker = still({ maxPending: 2 });
    const subscription = broker.subscribe({ required: true, name: 'ledger', next: () => NEVER });
    broker.send(a(1));
    broker.send(a(2));
    expect(messageOf(() => broker.send(a(3)))).toMatch(/^ledger: the backlog is full \(pending: 2, maxPending: 2\)/);
    subscription.unsubscribe();
    const messages: string[] = [];
    broker.subscribe({
      required: false,
      next: ({ n }) => {
        if (n > 0) return;
        broker.send(a(1));
        broker.send(a(2));
        messages.push(messageOf(() => broker.send(a(3))));
      },
    });
    broker.send(a(0));
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(
      /^events sent from inside a delivery: the backlog is full \(pending: 2, maxPending: 2\)/,
    );
  });

  test('OptionError: which option of a broker, of a subscriber, of a stream', () => {
    expect(messageOf(() => eventBroker({ maxPending: 0 }))).toBe(
      `maxPending: expected a whole number, 1 or more, found 0 (${ERRORS_PAGE}#optionerror)`,
    );
    expect(messageOf(() => still().subscribeBatch('one' as never))).toBe(
      `subscribers: expected an array of subscribers, found 'one' (${ERRORS_PAGE}#optionerror)`,
    );
    expect(eventBroker({ maxPending: 1 }).send({ type: 'A' })).toBe(true);
    const broker = still();
    const refused = (subscriber: object) => messageOf(() => broker.subscribe(subscriber as never));
    expect(refused({ next: () => undefined })).toBe(
      `required: expected true or false, found undefined (${ERRORS_PAGE}#optionerror)`,
    );
    expect(refused({ required: true })).toBe(
      `next, nextBatch: expected exactly one of them, found 0 (${ERRORS_PAGE}#optionerror)`,
    );
    expect(refused({ required: true, next: () => undefined, nextBatch: () => undefined })).toBe(
      `next, nextBatch: expected exactly one of them, found 2 (${ERRORS_PAGE}#optionerror)`,
    );
    const next = () => undefined;
    expect(refused({ required: true, types: 'Price', next })).toBe(
      `types: expected an array of strings, found 'Price' (${ERRORS_PAGE}#optionerror)`,
    );
    expect(refused({ required: true, types: ['Price', ['Halt']], next })).toBe(
      `types: expected an array of strings, found ["Price",["Halt"]] (${ERRORS_PAGE}#optionerror)`,
    );
    expect(broker.snapshot().subscribers).toEqual([]);
    expect(messageOf(() => eventBroker({ unlisted: 'TxError' as never }))).toBe(
      `unlisted: expected an array of strings, found 'TxError' (${ERRORS_PAGE}#optionerror)`,
    );
    expect(messageOf(() => eventBroker({ routeBatchBy: 'first' as never }))).toBe(
      `routeBatchBy: expected 'eachEvent' or 'firstEvent', found 'first' (${ERRORS_PAGE}#optionerror)`,
    );
    const errors: Error[] = [];
    broker.receive([a(1)] as never).subscribe({ error: (error: Error) => errors.push(error) });
    broker.stream({ required: true } as never).subscribe({ error: (error: Error) => errors.push(error) });
    expect(errors.map(({ message }) => message)).toEqual([
      `source: expected an Observable or a function of pause$, found [{"type":"A","n":1}] (${ERRORS_PAGE}#optionerror)`,
      `project: expected the work of a required stream, found undefined (${ERRORS_PAGE}#optionerror)`,
    ]);
  });

  test.each<[string, () => unknown, string]>([
    ['context', () => eventBroker({ context: {} as never }), 'a context, such as asyncContext() returns, found {}'],
    ['replay', () => eventBroker({ replay: {} as never }), 'replay({ events }), found {}'],
    ['types', () => only(), 'one or more event types, found []'],
    ['types', () => only('A', ['B']), 'one or more event types, found ["A",["B"]]'],
  ])('OptionError: what a broker expects as its %s', (option, call, rest) => {
    expect(messageOf(call)).toBe(`${option}: expected ${rest} (${ERRORS_PAGE}#optionerror)`);
  });

  test('OptionError: which call has no option of a name', () => {
    const options = { required: false, typos: [] } as never;
    const messages = [
      () => eventBroker(options),
      () => replay(options),
      () => still().subscribeBatch([options]),
      () => still().iterate(options),
    ].map(messageOf);
    still()
      .stream(options)
      .subscribe({ error: (error: Error) => messages.push(error.message) });
    expect(messages.map(message => /; (\w+) has no option of this name/.exec(message)?.[1])).toEqual([
      ...['eventBroker', 'replay', 'subscribeBatch', 'iterate', 'stream'],
    ]);
  });
});
