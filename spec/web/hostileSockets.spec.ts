import { afterEach, describe, expect, test } from '@jest/globals';
import { map, Subject } from 'rxjs';
import { eventBroker, ofType, type EventBroker } from 'rx-event-broker';
import { runMarbles } from 'rx-event-broker/testing';
import { sseSubscriber, webSocketSubscriber, type NodeResponse, type WebSocketLike } from 'rx-event-broker/web';

type Tick = { readonly type: 'Tick'; readonly n: number };
const tick = (n: number): Tick => ({ type: 'Tick', n });

type Member = 'readyState' | 'buffered' | 'send' | 'ping' | 'terminate' | 'close' | 'addEventListener';

/** A socket whose members throw from a moment on. */
const socketThat = (log: (what: string) => void) => {
  const state = { broken: new Set<Member>(), buffered: 0, readyState: 1 };
  const use = (member: Member): void => {
    if (state.broken.has(member)) throw new Error(member);
  };
  const socket: WebSocketLike = {
    get readyState() {
      use('readyState');
      return state.readyState;
    },
    get bufferedAmount() {
      use('buffered');
      return state.buffered;
    },
    send: (data: string) => {
      use('send');
      const { type, n } = JSON.parse(data) as Tick;
      log(type === 'Tick' ? String(n) : 'm');
    },
    ping: () => {
      use('ping');
      log('p');
    },
    terminate: () => {
      log('x');
      use('terminate');
    },
    close: () => {
      log('c');
      use('close');
    },
    addEventListener: () => use('addEventListener'),
  };
  return { socket, state };
};

const run = (
  steps: (made: ReturnType<typeof socketThat>, broker: EventBroker<Tick>) => Readonly<Record<string, () => void>>,
  rows: { readonly at: string; readonly log: string; readonly failed: string; readonly heartbeat?: number },
): void =>
  runMarbles(({ hot, cold, expectObservable }) => {
    const broker = eventBroker<Tick>();
    const log$ = new Subject<string>();
    const made = socketThat(what => log$.next(what));
    const at = steps(made, broker);
    expectObservable(log$).toBe(rows.log);
    expectObservable(
      broker.notices$.pipe(
        ofType('Failed'),
        map(({ error }) => (error as Error).message),
      ),
    ).toBe(rows.failed, { s: 'send', p: 'ping', b: 'buffered', r: 'readyState', c: 'close', a: 'addEventListener' });
    cold('s').subscribe(() => {
      at['s']?.();
      const { heartbeat = Infinity } = rows;
      broker.subscribe(webSocketSubscriber(made.socket, { socketBytes: 10, stalledFor: Infinity, heartbeat }));
    });
    hot(rows.at).subscribe(step => at[step]?.());
    cold('90ms e').subscribe(() => {
      // it has been cut, and closed
      expect(broker.snapshot().subscribers).toEqual([]);
      broker.close();
    });
  });

describe('W5e a socket that throws', () => {
  test('send, once: the event fails, and is reported', () => {
    runMarbles(({ cold, expectObservable }) => {
      const log$ = new Subject<string>();
      const { socket, state } = socketThat(what => log$.next(what));
      const broken: WebSocketLike = Object.create(socket, {
        send: {
          value: (data: never) => {
            const was = state.broken.delete('send');
            if (was) throw new Error('send');
            return socket.send(data);
          },
        },
      }) as WebSocketLike;
      const broker = eventBroker<Tick>();
      broker.notices$.subscribe();
      expectObservable(log$).toBe('-m2c');
      broker.subscribe(webSocketSubscriber<Tick>(broken));
      cold('-123').subscribe(step => {
        if (step === '1') state.broken.add('send');
        if (step === '3') broker.close();
        else broker.send(tick(Number(step)));
      });
    });
  });

  test('W3h send, also for the gap: it is cut, because the client would not be notified', () => {
    run(
      ({ state }, broker) => ({
        a: () => {
          state.broken.add('send');
          broker.send(tick(1));
          broker.send(tick(2));
        },
      }),
      { at: '-a', log: '-x', failed: '-(ss) 85ms |' },
    );
  });

  test('ping, in the timer of the heartbeat', () => {
    run(({ state }) => ({ a: () => state.broken.add('ping') }), {
      at: '-a',
      log: '-----x',
      failed: '-----p 84ms |',
      heartbeat: 5,
    });
  });

  test.each(['buffered', 'readyState'] as const)('%s, while it is asked whether it has room', member => {
    run(
      ({ state }, broker) => ({
        a: () => {
          state.buffered = 10;
          broker.send(tick(1));
        },
        b: () => state.broken.add(member),
      }),
      { at: '-ab', log: '21ms x', failed: `21ms ${member === 'buffered' ? 'b' : 'r'} 68ms |` },
    );
  });

  test('send, for events that waited until it was open', () => {
    run(
      ({ state }, broker) => ({
        s: () => (state.readyState = 0),
        a: () => broker.send(tick(1)),
        b: () => {
          state.readyState = 1;
          state.broken.add('send');
        },
      }),
      { at: '-ab', log: '20ms x', failed: '20ms s 69ms |' },
    );
  });

  test.each(['addEventListener', 'buffered'] as const)('%s, when it begins', member => {
    run(({ state }) => ({ s: () => state.broken.add(member).add('terminate') }), {
      at: '-',
      log: 'x',
      failed: `${member === 'buffered' ? 'b' : 'a'} 89ms |`,
    });
  });

  test('close, when the subscriber is closed: it is cut', () => {
    const log: string[] = [];
    const { socket, state } = socketThat(what => log.push(what));
    state.broken.add('close').add('terminate');
    const subscription = eventBroker<Tick>().subscribe(webSocketSubscriber<Tick>(socket));
    subscription.unsubscribe();
    expect(log).toEqual(['c', 'c', 'x']);
  });

  test.each([2, 3])('one in the state %p is closed immediately, and nothing is sent', readyState => {
    const log: string[] = [];
    const { socket, state } = socketThat(what => log.push(what));
    state.readyState = readyState;
    const broker = eventBroker<Tick>();
    broker.subscribe(webSocketSubscriber<Tick>(socket));
    expect(broker.snapshot().subscribers).toEqual([]);
    broker.send(tick(1));
    expect(log).toEqual([]);
  });
});

describe('W1g a response that throws is cut', () => {
  const brokers: EventBroker<Tick>[] = [];
  afterEach(() => {
    for (const broker of brokers.splice(0)) broker.close();
  });

  test.each(['write', 'setHeader', 'on'] as const)('%s', member => {
    const log: string[] = [];
    const listeners = new Map<string, () => void>();
    const use = (used: string): void => {
      if (used === member && (used !== 'write' || log.includes('drain'))) throw new Error(used);
    };
    const response: NodeResponse = {
      headersSent: false,
      writableEnded: false,
      hasHeader: () => false,
      getHeader: () => undefined,
      setHeader: () => use('setHeader'),
      write: () => {
        use('write');
        return false;
      },
      end: () => log.push('end'),
      destroy: () => log.push('destroy'),
      on: (event, listener) => {
        use('on');
        listeners.set(event, listener);
      },
    };
    const broker = eventBroker<Tick>();
    brokers.push(broker);
    const failed: unknown[] = [];
    broker.notices$.pipe(ofType('Failed')).subscribe(({ error }) => failed.push((error as Error).message));
    broker.subscribe(sseSubscriber(response));
    broker.send(tick(1));
    log.push('drain');
    // what Node would take for an uncaught exception
    listeners.get('drain')?.();
    expect(failed).toEqual([member]);
    expect(log.filter(what => what !== 'drain')).toEqual(['destroy']);
    expect(broker.snapshot().subscribers).toEqual([]);
  });
});
