import { describe, expect, test } from '@jest/globals';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { eventBroker, ofType, type EventBroker } from 'rx-event-broker';
import { portSink, portSource, webSocketSubscriber, type WebSocketLike } from 'rx-event-broker/web';
import { channel } from './channel.js';

type Tick = { readonly type: 'Tick'; readonly n: number };

const rejecting = { missed: () => Promise.reject(new Error('not saved')) };
const options = { capacity: 1, overflow: 'dropOldest', ...rejecting } as const;

/** Sends three; the second one is dropped, and `missed` is called when there is room again. */
const sendThree = (broker: EventBroker<Tick>): void => {
  for (const n of [1, 2, 3]) broker.send({ type: 'Tick', n });
};

describe('a custom async missed that rejects does not end the process', () => {
  test('of a client: it is announced', async () => {
    const broker = eventBroker<Tick>();
    const socket = {
      readyState: 1,
      bufferedAmount: 100,
      send: () => undefined,
      close: () => undefined,
      addEventListener: () => undefined,
    };
    broker.subscribe(webSocketSubscriber<Tick>(socket as WebSocketLike, { ...options, socketBytes: 10 }));
    const failed = firstValueFrom(broker.notices$.pipe(ofType('Failed')));
    sendThree(broker);
    socket.bufferedAmount = 0;
    expect(await failed).toMatchObject({ events: [], error: { message: 'not saved' } });
    broker.close();
  });

  test('of a sink: it is announced', async () => {
    const [port1, port2] = channel();
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink<Tick>(port1, { ...options, required: false }));
    const failed = firstValueFrom(broker.notices$.pipe(ofType('Failed')));
    sendThree(broker);
    const received = eventBroker<Tick>().receive(portSource<Tick>(port2)).subscribe();
    expect(await failed).toMatchObject({ events: [], error: { message: 'not saved' } });
    received.unsubscribe();
    broker.close();
  });
  test('of a source: it errors, as if missed had thrown', async () => {
    const [port1, port2] = channel();
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink<Tick>(port1, { capacity: 1, overflow: 'dropOldest', required: false }));
    sendThree(broker);
    const source = portSource<Tick>(port2, rejecting);
    await expect(lastValueFrom(eventBroker<Tick>().receive(source))).rejects.toThrow('not saved');
    broker.close();
  });
});
