import fastq from 'fastq';
import PQueue from 'p-queue';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { concatMap, filter, firstValueFrom, from, lastValueFrom } from 'rxjs';
import { eventBroker } from '../../../lib/index.js';

export interface Numbered {
  readonly type: 'Numbered';
  readonly n: number;
}

/** An `async` handler, as most real ones are. */
export type Handler = (event: Numbered) => Promise<void>;

/** Gives every event to every handler, one at a time and in order. At most about `CHUNK` events wait. */
export type Deliver = (events: readonly Numbered[], handlers: readonly Handler[]) => Promise<void>;

const CHUNK = 1_000;

/** For queues without a bound: the next chunk when the last one has been processed. */
const chunked =
  (take: (handlers: readonly Handler[]) => (chunk: readonly Numbered[]) => Promise<unknown>): Deliver =>
  async (events, handlers) => {
    const process = take(handlers);
    for (let i = 0; i < events.length; i += CHUNK) await process(events.slice(i, i + CHUNK));
  };

const broker =
  (options: object): Deliver =>
  async (events, handlers) => {
    const bus = eventBroker<Numbered>();
    for (const next of handlers) bus.subscribe({ required: true, highWaterMark: CHUNK, next, ...options });
    for (const event of events)
      if (!bus.send(event)) await firstValueFrom(bus.saturated$.pipe(filter(isSaturated => !isSaturated)));
    await lastValueFrom(bus.drain());
  };

export const queues: Readonly<Record<string, Deliver>> = {
  'rx-event-broker': broker({}),
  'rx-event-broker, stallAfter: Infinity': broker({ stallAfter: Infinity }),
  fastq: chunked(handlers => {
    const all = handlers.map(handler => fastq.promise<unknown, Numbered, void>(handler, 1));
    return chunk => {
      for (const event of chunk) for (const queue of all) void queue.push(event);
      return Promise.all(all.map(queue => queue.drained()));
    };
  }),
  'p-queue': chunked(handlers => {
    const all = handlers.map(handler => ({ handler, queue: new PQueue({ concurrency: 1 }) }));
    return chunk => {
      for (const event of chunk) for (const { handler, queue } of all) void queue.add(() => handler(event));
      return Promise.all(all.map(({ queue }) => queue.onIdle()));
    };
  }),
  'Node streams': async (events, handlers) => {
    await Promise.all(
      handlers.map(handler =>
        pipeline(
          Readable.from(events, { highWaterMark: CHUNK }),
          new Writable({
            objectMode: true,
            highWaterMark: CHUNK,
            write: (event: Numbered, _, done) => {
              handler(event).then(() => {
                done();
              }, done);
            },
          }),
        ),
      ),
    );
  },
  'Node Writable, written to by hand': async (events, handlers) => {
    const all = handlers.map(
      handler =>
        new Writable({
          objectMode: true,
          highWaterMark: CHUNK,
          write: (event: Numbered, _, done) => {
            handler(event).then(() => {
              done();
            }, done);
          },
        }),
    );
    for (const event of events) {
      let isFull = false;
      for (const stream of all) if (!stream.write(event)) isFull = true;
      if (!isFull) continue;
      for (const stream of all)
        if (stream.writableNeedDrain) await new Promise(resolve => stream.once('drain', resolve));
    }
    await Promise.all(all.map(stream => new Promise<void>(resolve => stream.end(resolve))));
  },
  concatMap: chunked(
    handlers => chunk =>
      Promise.all(
        handlers.map(handler => lastValueFrom(from(chunk).pipe(concatMap(handler)), { defaultValue: undefined })),
      ),
  ),
  'for … await': async (events, handlers) => {
    await Promise.all(
      handlers.map(async handler => {
        for (const event of events) await handler(event);
      }),
    );
  },
};
