import { describe, expect, test } from '@jest/globals';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync } from 'node:fs';
import { EventEmitter, once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { concat, defer, firstValueFrom, lastValueFrom } from 'rxjs';
import { backpressure, eventBroker, fromPull, toWritable } from 'rx-event-broker';

interface Line {
  readonly type: 'Line';
  readonly text: string;
}
const line = (text: string): Line => ({ type: 'Line', text });

/** A stream whose writes wait until they are let through. */
const slowStream = (highWaterMark = 2) => {
  const waiting: ((error?: Error) => void)[] = [];
  const written: unknown[] = [];
  const stream = new Writable({
    objectMode: true,
    highWaterMark,
    write: (chunk, _, done) => {
      written.push(chunk);
      waiting.push(done);
    },
  });
  return { stream, written, pass: (error?: Error) => waiting.shift()?.(error) };
};

/** A broker that writes to a stream, as it counts. */
const writingTo = (stream: Writable | WritableStream<number>) => {
  const broker = eventBroker<{ readonly type: 'N'; readonly n: number }>();
  const write = toWritable<number>(stream);
  const failures: unknown[] = [];
  broker.notices$.subscribe(notice => {
    if (notice.type === 'Failed') failures.push(notice.error);
  });
  broker.subscribe({ required: true, highWaterMark: 1, onFailure: 'continue', next: ({ n }) => write(n) });
  const send = (n: number) => broker.send({ type: 'N', n });
  const tally = () => {
    const { delivered, failed, pending } = broker.snapshot().subscribers[0]!;
    return [delivered, failed, pending];
  };
  return { broker, write, send, tally, failures };
};
/** Unlike `once`, an error does not reject it. */
const event = (stream: Writable, name: string) => new Promise<void>(resolve => stream.once(name, () => resolve()));

describe('toWritable of a Node stream', () => {
  test('I5a the work completes at once while there is room, and else on drain', async () => {
    const { stream, written, pass } = slowStream();
    const { send, tally } = writingTo(stream);
    expect([send(1), tally()]).toEqual([true, [1, 0, 0]]);
    expect([send(2), tally()]).toEqual([false, [1, 0, 1]]);
    const drained = event(stream, 'drain');
    pass();
    pass();
    await drained;
    expect([tally(), written]).toEqual([
      [2, 0, 0],
      [1, 2],
    ]);
    expect(stream.listenerCount('drain')).toBe(0);
  });

  test('I5a a pipeline into a file is slow as the file is, and complete', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'writable-')), 'lines');
    const write = toWritable<string>(createWriteStream(file, { highWaterMark: 64 }));
    const lines = Array.from({ length: 2000 }, (_, n) => `line ${n}\n`);
    const written$ = backpressure(pause$ => fromPull(() => lines, { pause$ }), { required: true, project: write });
    await lastValueFrom(
      concat(
        written$,
        defer(() => write.end()),
      ),
      { defaultValue: undefined },
    );
    expect(readFileSync(file, 'utf8')).toBe(lines.join(''));
  });

  test('I5b an error of the stream fails the value that waits for it', async () => {
    const { stream, pass } = slowStream(1);
    const { send, tally, failures } = writingTo(stream);
    send(1);
    const failed = event(stream, 'close');
    const no = new Error('no');
    pass(no);
    await failed;
    expect([tally(), failures]).toEqual([[0, 1, 0], [no]]);
    send(2);
    expect([tally(), failures]).toEqual([
      [0, 2, 0],
      [no, no],
    ]);
  });

  test('I5b an error between two values does not end the process, and fails the next value', async () => {
    const { stream, pass } = slowStream(5);
    const { send, tally, failures } = writingTo(stream);
    send(1);
    const closed = event(stream, 'close');
    const no = new Error('no');
    pass(no);
    await closed;
    expect([tally(), failures]).toEqual([[1, 0, 0], []]);
    send(2);
    expect([tally(), failures]).toEqual([[1, 1, 0], [no]]);
  });

  test('I5c a stream that is destroyed, or ended by other code, fails values with StreamClosedError', async () => {
    const { stream } = slowStream(1);
    const first = writingTo(stream);
    first.send(1);
    stream.destroy();
    await event(stream, 'close');
    first.send(2);
    expect([first.tally(), first.failures]).toMatchObject([
      [0, 2, 0],
      [{ name: 'StreamClosedError' }, {}],
    ]);

    const ended = new PassThrough({ objectMode: true });
    ended.end();
    const second = writingTo(ended);
    second.send(1);
    expect(second.failures).toMatchObject([{ name: 'StreamClosedError' }]);
    const third = writingTo(new PassThrough().destroy());
    third.send(1);
    expect(third.failures).toMatchObject([{ name: 'StreamClosedError' }]);
  });

  test('I5c a peer that disconnects fails values that are written to its socket', async () => {
    const peers: Socket[] = [];
    const server = createServer(socket => peers.push(socket)).listen(0);
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port);
    await once(socket, 'connect');
    while (peers.length === 0) await new Promise(resolve => setImmediate(resolve));
    const write = toWritable<string>(socket);
    const closed = once(socket, 'close').catch(() => undefined);
    peers[0]!.resetAndDestroy();
    await closed;
    await expect(lastValueFrom(write('x'))).rejects.toMatchObject({ code: 'ECONNRESET' });
    server.close();
  });

  test('I5d closing the subscriber while it waits leaves no listener', () => {
    const { stream } = slowStream(1);
    const { broker, send } = writingTo(stream);
    const before = ['drain', 'error', 'close'].map(name => stream.listenerCount(name));
    send(1);
    expect(stream.listenerCount('drain')).toBe(1);
    broker.close();
    expect(['drain', 'error', 'close'].map(name => stream.listenerCount(name))).toEqual(before);
  });

  test('I5e end() resolves when everything is written, and ends the stream once', async () => {
    const { stream, written, pass } = slowStream(5);
    const { send, write } = writingTo(stream);
    send(1);
    const ended = write.end();
    expect(write.end()).toBe(ended);
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    await new Promise(resolve => setImmediate(resolve));
    expect(isOver).toBe(false);
    pass();
    await ended;
    expect([written, stream.writableFinished]).toEqual([[1], true]);
  });

  test('I5e end() rejects with the error of the stream, or because it was closed', async () => {
    const no = new Error('no');
    await expect(toWritable(new PassThrough().destroy(no)).end()).rejects.toBe(no);
    await expect(toWritable(new PassThrough().destroy()).end()).rejects.toMatchObject({ name: 'StreamClosedError' });
    const { stream, pass } = slowStream();
    const { send, write } = writingTo(stream);
    send(1);
    const ended = write.end();
    pass(no);
    await expect(ended).rejects.toBe(no);
    const finished = new PassThrough();
    const over = event(finished, 'finish');
    finished.end();
    await over;
    await expect(toWritable(finished).end()).resolves.toBeUndefined();
  });

  test('I5a a drain event that came earlier is not waited for', async () => {
    const { stream, pass } = slowStream(1);
    const work$ = toWritable<number>(stream)(1);
    const drained = event(stream, 'drain');
    pass();
    await drained;
    await expect(lastValueFrom(work$, { defaultValue: 'done' })).resolves.toBe('done');
  });

  test('I5b a write that destroys the stream fails, although nothing waits for a drain then', async () => {
    const no = new Error('no');
    const stream: Writable = new Writable({ highWaterMark: 1, write: () => stream.destroy(no) });
    await expect(lastValueFrom(toWritable<string>(stream)('long'))).rejects.toBe(no);
  });

  test('I5c a stream that emits only `close`, as older ones do', async () => {
    const stream = Object.assign(new EventEmitter(), { write: () => true, end: () => undefined });
    const write = toWritable<string>(stream);
    stream.emit('close');
    await expect(lastValueFrom(write('a'))).rejects.toMatchObject({ name: 'StreamClosedError' });
  });

  test('I5f a value that is not a stream is an OptionError', () => {
    for (const stream of [undefined, {}, createReadStream(__filename).destroy(), { write: () => true }])
      expect(() => toWritable(stream as unknown as Writable)).toThrow(
        'stream: expected a Node Writable or a WritableStream',
      );
  });
});

describe('toWritable of a WritableStream', () => {
  const slowWeb = () => {
    const waiting: (() => void)[] = [];
    const written: number[] = [];
    const stream = new WritableStream<number>(
      {
        write: n => {
          written.push(n);
          return new Promise((resolve, reject) => {
            waiting.push(() => {
              if (n < 0) reject(new Error('negative'));
              else resolve();
            });
          });
        },
      },
      { highWaterMark: 2 },
    );
    const turn = () => new Promise(resolve => setImmediate(resolve));
    const pass = async () => {
      await turn();
      waiting.shift()?.();
      await turn();
    };
    return { stream, written, pass, turn };
  };

  test('I5a the work completes at once while there is room, and else when it is ready', async () => {
    const { stream, written, pass } = slowWeb();
    const { send, tally, write } = writingTo(stream);
    expect([send(1), tally()]).toEqual([true, [1, 0, 0]]);
    expect([send(2), tally()]).toEqual([false, [1, 0, 1]]);
    await pass();
    expect(tally()).toEqual([2, 0, 0]);
    const ended = write.end();
    await pass();
    await ended;
    expect(written).toEqual([1, 2]);
  });

  test('I5b its error fails what waits, and what is written after it', async () => {
    const { stream, pass } = slowWeb();
    const { send, tally, failures, write } = writingTo(stream);
    send(-1);
    send(2);
    await pass();
    expect([tally(), failures]).toMatchObject([[1, 1, 0], [{ message: 'negative' }]]);
    send(3);
    expect(failures).toMatchObject([{}, { message: 'negative' }]);
    await expect(write.end()).rejects.toThrow('negative');
  });

  test('I5b an error between two values is no unhandled rejection, and fails the next one', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', note);
    let fail!: (error: Error) => void;
    const stream = new WritableStream<number>({ start: controller => void (fail = error => controller.error(error)) });
    const write = toWritable<number>(stream);
    fail(new Error('no'));
    await new Promise(resolve => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
    await expect(firstValueFrom(write(1))).rejects.toThrow('no');
  });

  test('I5c after end() it is closed', async () => {
    const { stream } = slowWeb();
    const write = toWritable<number>(stream);
    await write.end();
    await expect(firstValueFrom(write(1))).rejects.toMatchObject({ name: 'StreamClosedError' });
  });

  test('I5f a locked one is rejected by the call', () => {
    const { stream } = slowWeb();
    stream.getWriter();
    expect(() => toWritable(stream)).toThrow('locked');
  });
});

test('I5a an event becomes a chunk in the handler', async () => {
  const stream = new PassThrough();
  const write = toWritable<string>(stream);
  const broker = eventBroker<Line>();
  broker.subscribe({ required: true, next: ({ text }) => write(`${text}\n`) });
  broker.send(line('a'));
  broker.send(line('b'));
  await firstValueFrom(broker.drain());
  await write.end();
  expect(String(stream.read())).toBe('a\nb\n');
});
