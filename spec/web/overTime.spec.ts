import { describe, expect, test } from '@jest/globals';
import { map, Subject, tap, type Observable } from 'rxjs';
import { eventBroker, ofType } from 'rx-event-broker';
import { runMarbles } from 'rx-event-broker/testing';
import { sseSubscriber, type NodeResponse, type SseOptions } from 'rx-event-broker/web';

type Tick = { readonly type: string };

/**
 * A response whose connection takes bytes at `takes$`: `f` all of them, `p` a part. It is full after each write if `isFull`.
 * What happens to it is logged: `h` the headers and the greeting, `b` a beat, `m` a gap, an event by its type, `z` the end,
 * `x` cut.
 */
const responseThat = (takes$: Observable<string>, isFull: boolean) => {
  const log$ = new Subject<string>();
  const listeners = new Map<string, (() => void)[]>();
  const emit = (event: string): void => listeners.get(event)?.forEach(listener => listener());
  let unsent = 0;
  let isEnded = false;
  const response: NodeResponse = {
    headersSent: false,
    get writableEnded() {
      return isEnded;
    },
    get writableLength() {
      return unsent;
    },
    hasHeader: () => false,
    getHeader: () => undefined,
    setHeader: () => undefined,
    write: bytes => {
      const text = new TextDecoder().decode(bytes);
      const [, type] = /^event: (\w+)/m.exec(text) ?? [];
      if (type !== undefined) log$.next(type === 'missed' ? 'm' : type);
      else log$.next(isGreeting ? 'h' : 'b');
      isGreeting = false;
      if (isFull) unsent += 10;
      return !isFull;
    },
    end: () => {
      isEnded = true;
      log$.next('z');
    },
    destroy: () => {
      log$.next('x');
      emit('close');
    },
    on: (event, listener) => listeners.set(event, [...(listeners.get(event) ?? []), listener]),
  };
  let isGreeting = true;
  const taking$ = takes$.pipe(
    tap(part => {
      unsent = part === 'p' ? unsent - 1 : 0;
      if (unsent > 0) return;
      emit('drain');
      if (isEnded) emit('close');
    }),
  );
  return { response, log$, taking$ };
};

/** What happens to a response of a broker that sends what the marbles say. */
const run = (
  rows: {
    readonly sent: string;
    readonly takes?: string;
    readonly closed?: string;
    readonly log: string;
    readonly failed?: string;
  },
  options: SseOptions<Tick, string>,
  isFull = rows.takes !== undefined,
): void =>
  runMarbles(({ hot, cold, expectObservable }) => {
    const { response, log$, taking$ } = responseThat(hot(rows.takes ?? '-'), isFull);
    const broker = eventBroker<Tick>();
    const failed$ = broker.notices$.pipe(
      ofType('Failed'),
      map(({ error }) => (error as Error).name),
    );
    expectObservable(log$).toBe(rows.log);
    expectObservable(failed$).toBe(rows.failed ?? ' 40ms |', { s: 'ClientStalledError' });
    taking$.subscribe();
    hot(rows.closed ?? '-').subscribe(() => broker.close());
    cold('s').subscribe(() => broker.subscribe(sseSubscriber<Tick, string>(response, { capacity: 1, ...options })));
    hot(rows.sent).subscribe(type => broker.send({ type }));
    // no timer is left behind
    cold('40ms s').subscribe(() => broker.close());
  });

describe('W4a a heartbeat after a silence', () => {
  test('each event begins a new silence', () => {
    run(
      { sent: '--a---c-----------', log: 'h-a---c----b----b----b----b----b----b---z' },
      { heartbeat: 5, closed$: new Subject() },
    );
  });

  test('none while the connection is full', () => {
    run(
      { sent: '--a----------------', takes: '-f-----------f------', log: 'h-a-----------b 25ms z' },
      { heartbeat: 6, stalledFor: Infinity },
    );
  });

  test('none if it is Infinity', () => {
    run({ sent: '--a---', log: 'h-a 37ms z' }, { heartbeat: Infinity });
  });
});

describe('W4b, W4c a client without progress', () => {
  test('is cut after stalledFor, and its subscriber has failed', () => {
    run(
      { sent: '--ac', takes: '-f', log: 'h-a----x', failed: '-------s 32ms |' },
      { heartbeat: Infinity, stalledFor: 5 },
    );
  });

  test('gets more time while it accepts data', () => {
    run(
      { sent: '--a', takes: '-f---p----p---------', log: 'h-a 14ms x', failed: '17ms s 22ms |' },
      { heartbeat: Infinity, stalledFor: 5 },
    );
  });

  test('events that it does not accept wait, and dropped ones are reported when it continues', () => {
    run(
      { sent: '--acdg', takes: '-f--------f--f--f--f', log: 'h-a-------m--g- 25ms z' },
      { heartbeat: Infinity, stalledFor: 20, overflow: 'dropOldest' },
    );
  });

  test('W3f a gap that is open at the end is reported before the end', () => {
    run(
      { sent: '--acdg', takes: '-f', closed: '-------c', log: 'h-a----(mz)', failed: '-------|' },
      { heartbeat: Infinity, stalledFor: Infinity },
    );
  });

  test('W4d at the end it is cut, too, if it does not accept the rest', () => {
    run(
      { sent: '--a', takes: '-f', closed: '----c', log: 'h-a-z--x', failed: '----|' },
      { heartbeat: Infinity, stalledFor: 5 },
    );
  });

  test('W4d if it accepts the rest, nothing more happens', () => {
    run(
      { sent: '--a', takes: '-f---f', closed: '----c', log: 'h-a-z', failed: '----|' },
      { heartbeat: Infinity, stalledFor: 5 },
    );
  });
});

test('W4 with another scheduler', () => {
  runMarbles(({ cold, expectObservable }) => {
    const { response, log$ } = responseThat(cold('-'), false);
    const broker = eventBroker<Tick>();
    const times: number[] = [];
    const scheduler = {
      now: () => 0,
      schedule: (_: unknown, ms = 0) => {
        times.push(ms);
        return { closed: true, unsubscribe: () => undefined } as never;
      },
    };
    expectObservable(log$).toBe('h');
    cold('s').subscribe(() => {
      broker.subscribe(sseSubscriber(response, { scheduler, heartbeat: 7 }));
      expect(times).toEqual([7]);
    });
  });
});
