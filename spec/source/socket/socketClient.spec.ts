import { afterEach, describe, expect, test } from '@jest/globals';
import { createServer, type AddressInfo } from 'node:net';
import { BehaviorSubject, EMPTY, NEVER, Subject, concat, from, of, throwError, type Subscription } from 'rxjs';
import { fromPull } from '../../../lib/flow/pull/fromPull.js';
import type { Notice } from '../../../lib/flow/contract/Notice.js';
import { socketClient, type SocketClientOptions } from '../../../lib/source/socket/socketClient.js';
import { handClock } from './handClock.js';
import { textOf } from './rawPeer.js';
import { recorder } from './recorder.js';
import { closeAll, released, serving } from './serving.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const has =
  (...expected: readonly string[]) =>
  (seen: readonly string[]) =>
    seen.length >= expected.length && expected.every((value, i) => seen[i] === value);

const open: Subscription[] = [];

const dialling = (port: number, options: Partial<SocketClientOptions> = {}) => {
  const answers = recorder<string>();
  const notices = recorder<Notice>();
  const client$ = socketClient({ host: '127.0.0.1', port, notices, ...options });
  const subscription = client$.subscribe({
    next: message => answers.next(textOf(message)),
    error: (error: Error) => answers.next(`error: ${error.name}`),
    complete: () => answers.next('complete'),
  });
  open.push(subscription);
  const rejected = () => notices.seen.flatMap(n => (n.type === 'PeerRejected' ? [n.error.name] : []));
  return { client$, subscription, answers, notices, rejected };
};

describe('socketClient', () => {
  afterEach(async () => {
    for (const subscription of open.splice(0)) subscription.unsubscribe();
    await closeAll();
  });

  test('sends its messages, and completes when the server has read them all', async () => {
    const { port, messages } = await serving();
    const texts = ['a', '', 'b', 'c'.repeat(100_000)];
    const { answers } = dialling(port, { messages$: from(texts.map(bytesOf)) });
    await answers.until(has('complete'));
    expect(messages.seen).toEqual(texts);
  });

  test('N5a receives answers while its messages are open, and at the end', async () => {
    const replies$ = new Subject<Uint8Array>();
    const messages$ = new Subject<Uint8Array>();
    const { port, messages } = await serving({ replies$ });
    const { answers } = dialling(port, { messages$ });
    messages$.next(bytesOf('block 7'));
    await messages.until(has('block 7'));
    replies$.next(bytesOf('ready 7'));
    await answers.until(has('ready 7'));
    messages$.complete();
    await answers.until(has('ready 7', 'complete'));
  });

  test('without messages it listens forever', async () => {
    const replies$ = new Subject<Uint8Array>();
    const { port } = await serving({ replies$ });
    const { answers, subscription } = dialling(port);
    replies$.next(bytesOf('x'));
    await answers.until(has('x'));
    expect(subscription.closed).toBe(false);
  });

  test('without anything to send it completes once it was connected', async () => {
    const { port } = await serving();
    const { answers } = dialling(port, { messages$: EMPTY });
    await answers.until(has('complete'));
  });

  test('its source is paused without a connection, and subscribed to once, not once for each connection', async () => {
    const first = await serving();
    const { port } = first;
    let opened = 0;
    let asked = 0;
    const { notices, answers } = dialling(port, {
      messages$: pause$ => {
        opened++;
        const numbers = function* () {
          for (; asked < 3; asked++) yield bytesOf(String(asked));
        };
        return fromPull(numbers, { pause$ });
      },
    });
    expect([opened, asked]).toEqual([1, 0]);
    await first.messages.until(has('0', '1', '2'));
    await answers.until(has('complete'));
    expect([opened, asked]).toEqual([1, 3]);
    expect(notices.seen.filter(({ type }) => type === 'PeerRejected')).toEqual([]);
  });

  test('N4a dials again every dialRetryInterval, 5 s, until a server answers', async () => {
    const { scheduler, advance } = handClock();
    const gone = await serving();
    const { port } = gone;
    gone.subscription.unsubscribe();
    await released(gone);
    const { notices, rejected, answers } = dialling(port, { scheduler, messages$: of(bytesOf('a')) });
    const failures = (count: number) => notices.until(() => rejected().length === count);
    await failures(1);
    advance(4999);
    expect(rejected().length).toBe(1);
    advance(1);
    await failures(2);
    const { messages } = await serving({ port });
    advance(5000);
    await messages.until(has('a'));
    await answers.until(has('complete'));
    expect(rejected()).toEqual(['PeerLostError', 'PeerLostError']);
    expect(notices.seen[0]).toMatchObject({
      peer: `127.0.0.1:${port}`,
      error: { cause: { code: 'ECONNREFUSED' } },
    });
  });

  test('N4a gives up after dialTimeout without a connection', async () => {
    const { scheduler, advance } = handClock();
    const gone = await serving();
    const { port } = gone;
    gone.subscription.unsubscribe();
    await released(gone);
    const { notices, rejected, answers } = dialling(port, { scheduler, dialRetryInterval: 10, dialTimeout: 25 });
    for (let attempt = 1; attempt <= 3; attempt++) {
      await notices.until(() => rejected().length === attempt);
      expect(answers.seen).toEqual(attempt < 3 ? [] : ['error: DialTimeoutError']);
      advance(10);
    }
  });

  test('N4 a server that stops and restarts is dialled again, and gets the later messages', async () => {
    const { scheduler, advance } = handClock();
    const messages$ = new Subject<Uint8Array>();
    const first = await serving();
    const { port } = first;
    const { notices, rejected } = dialling(port, { scheduler, messages$, dialTimeout: 6000 });
    messages$.next(bytesOf('1'));
    await first.messages.until(has('1'));
    first.subscription.unsubscribe();
    await released(first);
    await notices.until(() => rejected().length === 1);
    messages$.next(bytesOf('2')); // held for the next connection
    const second = await serving({ port });
    advance(5000);
    await second.messages.until(has('2'));
    second.subscription.unsubscribe();
    await released(second);
    await notices.until(() => rejected().length === 2);
    const third = await serving({ port });
    messages$.next(bytesOf('3'));
    advance(5000); // 10 s after the first dial: dialTimeout begins anew with each connection
    await third.messages.until(has('3'));
    expect(rejected()).toEqual(['PeerLostError', 'PeerLostError']);
  });

  test('N2a a second client is rejected, and accepted when the first has disconnected', async () => {
    const { scheduler, advance } = handClock();
    const first$ = new Subject<Uint8Array>();
    const { port, messages } = await serving();
    const first = dialling(port, { messages$: first$ });
    first$.next(bytesOf('1'));
    await messages.until(has('1'));
    const second = dialling(port, { scheduler, messages$: concat(of(bytesOf('2')), NEVER) });
    await second.notices.until(() => second.rejected().length === 1);
    first$.next(bytesOf('1 again'));
    await messages.until(has('1', '1 again'));
    first$.complete();
    await first.answers.until(has('complete'));
    advance(5000);
    await messages.until(has('1', '1 again', '2')); // not lost: it was refused before it could send
  });

  test('N6 messages of the peer wait while it is paused', async () => {
    const pause$ = new BehaviorSubject(true);
    const replies$ = from(['a', 'b'].map(bytesOf));
    const { port, messages } = await serving({ replies$ });
    const messages$ = new Subject<Uint8Array>();
    const { answers } = dialling(port, { pause$, messages$ });
    messages$.next(bytesOf('there'));
    await messages.until(has('there'));
    expect(answers.seen).toEqual([]);
    pause$.next(false);
    await answers.until(has('a', 'b'));
  });

  test('a source that cannot be paused errors above maxMessageBytes without a connection', async () => {
    const messages$ = new Subject<Uint8Array>();
    const { answers } = dialling(1, { messages$, maxMessageBytes: 10 });
    messages$.next(new Uint8Array(10));
    messages$.next(new Uint8Array(10));
    expect(answers.seen).toEqual(['error: SendBufferFullError']);
  });

  test('N1e a message that no peer with this bound would accept is an error, before anything of it is sent', async () => {
    const { port, messages, rejected } = await serving({ maxMessageBytes: 10 });
    const messages$ = new Subject<Uint8Array>();
    const { answers } = dialling(port, { messages$, maxMessageBytes: 10 });
    messages$.next(bytesOf('0123456789'));
    await messages.until(has('0123456789'));
    messages$.next(bytesOf('0123456789a'));
    expect(answers.seen).toEqual(['error: MessageTooLargeError']);
    expect(rejected()).toEqual([]);
    const unconnected = dialling(1, { messages$: of(new Uint8Array(11)), maxMessageBytes: 10 });
    expect(unconnected.answers.seen).toEqual(['error: MessageTooLargeError']);
  });

  test('N1 a message that the peer rejects is reported as a lost connection, even if it was the last', async () => {
    const { port, messages } = await serving({ maxMessageBytes: 10 });
    const { answers, notices, rejected } = dialling(port, {
      messages$: concat(of(bytesOf('a')), of(new Uint8Array(11))),
      dialRetryInterval: 1,
    });
    await messages.until(has('a'));
    await answers.until(has('complete'));
    expect(rejected()).toEqual(['PeerLostError']);
    expect(notices.seen[0]).toMatchObject({ error: { cause: { code: 'ECONNRESET' } } });
  });

  test('a message that is not bytes is an error', async () => {
    const { port } = await serving();
    const { answers } = dialling(port, { messages$: concat(from(['text' as unknown as Uint8Array]), NEVER) });
    expect(answers.seen).toEqual(['error: MessageTypeError']);
  });

  test('an error of its source is its error, and so is one of pause$', async () => {
    const { port } = await serving();
    expect(dialling(port, { messages$: throwError(() => new TypeError('mine')) }).answers.seen).toEqual([
      'error: TypeError',
    ]);
    expect(dialling(port, { pause$: throwError(() => new RangeError('mine')) }).answers.seen).toEqual([
      'error: RangeError',
    ]);
  });

  test('L1b a second subscription dials when the first connection is closed', async () => {
    const told = recorder<string>();
    const server = createServer(socket => {
      told.next('connection');
      socket.on('error', () => {}).resume();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const client$ = socketClient({ host: '127.0.0.1', port, notices: { next: ({ type }) => told.next(type) } });
    const first = client$.subscribe();
    await told.until(has('connection'));
    const second = client$.subscribe();
    first.unsubscribe();
    await told.until(has('connection', 'Released', 'connection'));
    second.unsubscribe();
    await told.until(has('connection', 'Released', 'connection', 'Released'));
    await new Promise(resolve => server.close(resolve));
  });

  test.each([0, 65_536, 1.5])('rejects the port %p', port => {
    expect(() => socketClient({ host: '127.0.0.1', port })).toThrow(
      expect.objectContaining({ name: 'OptionError', option: 'port' }),
    );
  });
});
