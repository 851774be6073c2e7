import { join } from 'node:path';
import type { Subscriber } from 'rxjs';
import type { Settlement } from '../../../flow/contract/Settlement.js';
import type { Source } from '../../../flow/contract/Source.js';
import { notifier } from '../../../flow/reporter.js';
import { settledBy } from '../../../flow/settlement/settledBy.js';
import type { Feed } from '../Feed.js';
import type { BufferOptions } from './bufferOptions.js';
import { BufferState } from './BufferState.js';
import type { FileSystem } from './fileSystem/FileSystem.js';
import { withFileErrors } from './fileSystem/withFileErrors.js';
import { intake, type Intake } from './intake.js';
import { openBuffer, type OpenBuffer } from './openBuffer.js';
import { outlet, type Outlet } from './outlet.js';
import { processed, type Processed } from './processed.js';

interface Parts {
  readonly buffer: OpenBuffer;
  readonly input: Intake;
  readonly processed: Processed;
  readonly output: Outlet;
}

/**
 * A running disk buffer. `BufferState` has its states.
 *
 *     source ──► intake ──► SegmentWriter ──► segments on disk ──► SegmentReader ──► outlet ──► consumer
 *       ▲          │                                                                   │
 *       ╰─ pause───╯ if too much is unwritten or unread                                ▼
 *                                                                    processed: moves the cursor, retires segments
 *
 * A  A record is emitted only after it was written, in order, and once per subscription.
 * B  A segment is retired only after the reader has finished with it, the cursor has moved past its end, and that cursor
 *    has been synced. So a missing segment was processed.
 * C  The consumer gets the end of the source after everything that the source emitted. It gets a failure of the buffer
 *    immediately.
 * D  The user's code (the source, `done$`, observers) may throw wherever it is called. The folder is released even then.
 */
export class DiskBuffer implements Feed<Uint8Array> {
  readonly #source: Source<Uint8Array>;
  readonly #options: BufferOptions;
  readonly #files: FileSystem;
  readonly #settlement: Settlement | undefined;
  #state: BufferState | undefined;
  #parts: Parts | undefined;
  #opening: Promise<void> = Promise.resolve();
  #asking: Promise<boolean> = Promise.resolve(false);

  /** @param settlement - Says what has been processed. Without it the option `acknowledge` does, or else the demand. */
  constructor(source: Source<Uint8Array>, options: BufferOptions, files: FileSystem, settlement?: Settlement) {
    this.#source = source;
    this.#options = options;
    this.#files = withFileErrors(files);
    this.#settlement = settlement;
  }

  into(subscriber: Subscriber<Uint8Array>): Pick<Subscriber<Uint8Array>, 'next' | 'complete'> {
    if (this.#settlement === undefined) return subscriber;
    const settled = (number: number) => this.#parts!.processed.settled(number);
    const given = settledBy<number>(subscriber, this.#settlement, settled);
    return {
      next: message => given(this.#parts!.buffer.reader.number, () => subscriber.next(message)),
      complete: () => given.complete(),
    };
  }

  open(failed: (error: unknown) => void): Promise<void> {
    this.#state = new BufferState(failed);
    return (this.#opening = this.#open(this.#state));
  }

  take(): Uint8Array | undefined {
    return this.#parts?.output.take();
  }

  more(): Promise<boolean> {
    return (this.#asking = this.#parts!.output.more());
  }

  async close(): Promise<void> {
    this.#state?.close();
    await this.#asking.catch(() => {});
    await this.#opening.catch(() => {});
    if (this.#parts === undefined) return;
    const { buffer, input, processed } = this.#parts;
    const { reader, cursor, retirement, unlock } = buffer;
    retirement.postpone('all');
    await doAll([
      () => input.writer.finish(),
      async () => {
        processed.settle();
        await cursor.sync();
      },
      () => processed.idle(),
      () => processed.retireLast(),
      () => retirement.close(),
      () => reader.close(),
      () => input.writer.close(),
      () => cursor.close(),
      unlock,
    ]);
  }

  async #open(state: BufferState): Promise<void> {
    const options = this.#options;
    const files = this.#files;
    const notify = notifier(options.notices);
    const buffer = await openBuffer(files, options, state.fail);
    const input = intake(state, buffer, { files, options, notify });
    const done = processed(state, buffer, options, this.#settlement !== undefined);
    const output = outlet(state, buffer, input, done);
    this.#parts = { buffer, input, processed: done, output };
    for (const { segment, events } of buffer.unchecked)
      notify({ type: 'Unchecked', file: join(options.directory, segment.name), events });
    if (!state.run()) return;
    state.attempt(() => {
      done.settle();
      input.adjustPause();
      done.followDone();
      if (state.now.name === 'running') input.subscribe(this.#source);
    });
  }
}

/** Runs all steps in order, even after one has failed. Then throws the first failure. */
const doAll = async (steps: readonly (() => Promise<void>)[]): Promise<void> => {
  const errors: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
};
