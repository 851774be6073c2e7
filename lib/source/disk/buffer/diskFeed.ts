import { join } from 'node:path';
import type { Subscription } from 'rxjs';
import { BehaviorSubject, Subject, takeUntil } from 'rxjs';
import { after } from '../../../flow/clock.js';
import { notifier } from '../../../flow/reporter.js';
import { openSource, type Source } from '../../../flow/contract/Source.js';
import { checkBytes } from '../../MessageTypeError.js';
import { acknowledgeByBlock, acknowledgeByDemand, type Acknowledgement } from './acknowledge.js';
import type { BufferOptions } from './bufferOptions.js';
import { doAll } from './doAll.js';
import type { Feed } from '../Feed.js';
import type { FileSystem } from './fileSystem/FileSystem.js';
import { MessageTooLargeError } from '../errors.js';
import { closeBuffer, openBuffer, unreadBytes, type OpenBuffer } from './openBuffer.js';
import { openRetirement } from './openRetirement.js';
import { retiring, type Retirement, type Retiring } from './Retirement.js';
import { SegmentReader } from './SegmentReader.js';
import { SegmentWriter } from './SegmentWriter.js';
import { withFileErrors } from './fileSystem/withFileErrors.js';
import { WriteBufferFullError } from './errors.js';

/** A source that does not obey its pause may hand over so many times `writeBufferBytes` more. */
const patience = 16;

/** The cursor follows what is done with after so many bytes at the latest. */
const settleEvery = 64 * 1024;

interface Running extends OpenBuffer {
  readonly writer: SegmentWriter;
  readonly reader: SegmentReader;
  readonly retirement: Retirement;
  readonly retiring: Retiring;
  readonly acknowledgement: Acknowledgement;
  /** Bytes of the files that were not done with when it was opened. */
  readonly unreadAtStart: number;
}

/** How the source ended. */
interface End {
  readonly isError: boolean;
  readonly error?: unknown;
}

/**
 * A disk buffer at work: what its source emits goes to the disk, what lies there is given when it is asked for.
 *
 *     source ──► writer ──► segments on disk ──► reader ──► take
 *       ▲ pause      │ afterWrite: wake `more`      │ given, asked: acknowledgement ──► cursor, retirement
 *       ╰── too much awaits the disk, or lies unread
 *
 * 1  A record is given only after it was written, in order, once a subscription.
 * 2  A segment is retired only after the reader has finished with it, the cursor has moved past its end, and that cursor has been
 *    synced: what is missing was done with.
 * 3  The source's end is told when everything it emitted was given; a failure of the buffer itself at once.
 * 4  Code of others (the source, `done$`, observers) may throw wherever it is called: the folder is released all the same.
 */
export const diskFeed = (source: Source<Uint8Array>, options: BufferOptions, disk: FileSystem): Feed<Uint8Array> => {
  const files = withFileErrors(disk);
  const { directory, sync, acknowledge, scheduler } = options;
  const notify = notifier(options.notices);
  const pause$ = new BehaviorSubject(false);
  /** Ends the subscriptions of the source and of `done$`, also from inside a source that emits while it is subscribed. */
  const stop$ = new Subject<void>();

  let failed: (error: unknown) => void = () => {};
  let opening: Promise<Running> | undefined;
  let running: Running | undefined;
  let asking: Promise<boolean> = Promise.resolve(false);
  let end: End | undefined;
  let isWritten = false;
  let failure: { readonly error: unknown } | undefined;
  let isFull = false;
  let isBusy = false;
  let isPaused = false;
  let isClosed = false;
  /** Given since the cursor was looked after. */
  let unsettledBytes = 0;
  let syncTimer: Subscription | undefined;
  let wake = () => {};

  const fail = (error: unknown) => {
    if (failure !== undefined) return;
    failure = { error };
    stop$.next();
    wake();
    failed(error);
  };

  /** Calls the code of others, whose errors end the buffer. */
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (error) {
      fail(error);
    }
  };

  const unread = ({ unreadAtStart, writer, reader }: Running) => unreadAtStart + writer.writtenBytes - reader.bytes;

  /** Each level is left at half of the bound at which it was entered. */
  const relevel = (now: Running) => {
    const wasFull = isFull;
    isBusy = now.writer.pendingBytes > options.writeBufferBytes / (isBusy ? 2 : 1);
    isFull = unread(now) > options.maxBufferedBytes / (isFull ? 2 : 1);
    if (isFull && !wasFull) notify({ type: 'Full', what: directory });
    // Last: a source that is let go may emit, and come here, before it returns.
    if (isPaused !== (isBusy || isFull)) pause$.next((isPaused = !isPaused));
  };

  const accept = (now: Running, message: Uint8Array) => {
    const { writer } = now;
    checkBytes(message);
    if (message.length > options.maxMessageBytes)
      throw new MessageTooLargeError(message.length, options.maxMessageBytes);
    const most = options.writeBufferBytes * patience;
    if (writer.pendingBytes > most) throw new WriteBufferFullError(directory, writer.pendingBytes, most);
    if (sync === 'onBlock' && acknowledge?.blockOf(message).begins === true) writer.syncSoon();
    writer.accept(message);
    relevel(now);
  };

  const afterWrite = (syncSoon: () => void) => {
    if (sync === 'always') syncSoon();
    else if (typeof sync === 'object' && !isClosed)
      syncTimer ??= after(scheduler, sync.everyMs, () => {
        syncTimer = undefined;
        syncSoon();
      });
    if (running !== undefined) relevel(running);
    wake();
  };

  const afterSync = async ({ cursor }: OpenBuffer, synced: number) => {
    cursor.move({ synced });
    await cursor.sync();
    if (running === undefined) return;
    const events = running.writer.written.last - running.reader.number;
    notify({ type: 'Lag', what: directory, events, bytes: unread(running) });
  };

  /** Moves the cursor to what is done with, and lets go of the segments before it. */
  const settle = ({ acknowledgement: { acknowledged }, cursor, retiring }: Running) => {
    unsettledBytes = 0;
    if (acknowledged > cursor.acknowledged) cursor.move({ acknowledged });
    if (failure === undefined) retiring.begin();
  };

  const open = async (): Promise<Running> => {
    const buffer = await openBuffer(files, options);
    const { cursor, segments, tail } = buffer;
    const reader = new SegmentReader(files, directory, segments, cursor.acknowledged, options.maxMessageBytes);
    const openBeside = async () => {
      await reader.seek(tail);
      const unreadAtStart = await unreadBytes(files, directory, buffer);
      return { unreadAtStart, retirement: await openRetirement(files, options, fail) };
    };
    const beside = await openBeside().catch(async (error: unknown) => {
      await closeBuffer({ ...buffer, reader });
      throw error;
    });
    const writer = new SegmentWriter({
      files,
      directory,
      eventsPerFile: options.eventsPerFile,
      writeBytes: options.writeBufferBytes / 2,
      segments,
      tail,
      afterWrite,
      afterSync: synced => afterSync(buffer, synced),
      failed: fail,
    });
    const byBlock = acknowledge && acknowledgeByBlock(cursor.acknowledged, acknowledge.blockOf);
    const now: Running = {
      ...buffer,
      ...beside,
      reader,
      writer,
      retiring: retiring({ segments, cursor, retirement: beside.retirement, failed: fail }),
      acknowledgement: byBlock ?? acknowledgeByDemand(cursor.acknowledged),
    };
    running = now;
    for (const { segment, events } of buffer.unchecked)
      notify({ type: 'Unchecked', file: join(directory, segment.name), events });
    if (isClosed || failure !== undefined) return now;
    attempt(() => begin(now, key => byBlock?.named(key)));
    return now;
  };

  /** Everything that calls the code of others. */
  const begin = (now: Running, named: (key: string) => void) => {
    settle(now);
    relevel(now);
    acknowledge?.done$.pipe(takeUntil(stop$)).subscribe({
      next: key =>
        attempt(() => {
          named(key);
          settle(now);
        }),
      error: fail,
    });
    if (failure === undefined) connect(now);
  };

  const connect = (now: Running) => {
    const finished = (how: End) => {
      // It also completes where it is let go of.
      if (isClosed || failure !== undefined) return;
      end = how;
      void now.writer.finish().then(() => {
        isWritten = true;
        wake();
      });
    };
    openSource(source, pause$)
      .pipe(takeUntil(stop$))
      .subscribe({
        next: message => attempt(() => accept(now, message)),
        error: (error: unknown) => finished({ isError: true, error }),
        complete: () => finished({ isError: false }),
      });
  };

  const more = async (): Promise<boolean> => {
    const now = await opening!;
    now.acknowledgement.asked();
    settle(now);
    for (;;) {
      if (failure !== undefined) throw failure.error;
      if (isClosed) return false;
      const { written } = now.writer;
      if (now.reader.isBehind(written)) {
        await now.reader.fetch(written);
        relevel(now);
        return true;
      }
      if (end !== undefined && isWritten) {
        return ended(now, end);
      }
      await new Promise<void>(resolve => (wake = resolve));
    }
  };

  /** What fails until here is heard by the consumer. */
  const ended = async (now: Running, { isError, error }: End): Promise<false> => {
    now.retirement.postpone('packing');
    await now.retiring.idle();
    if (failure !== undefined) throw failure.error;
    if (isError) throw error;
    const { segment, last } = now.writer.written;
    if (isClosed || now.cursor.acknowledged < last) return false;
    now.retirement.postpone('all');
    await now.cursor.sync();
    await now.retiring.retireLast({ ...segment, to: last });
    return false;
  };

  const close = async (): Promise<void> => {
    isClosed = true;
    stop$.next();
    syncTimer?.unsubscribe();
    wake();
    await asking.catch(() => {});
    const now = await opening?.catch(() => undefined);
    if (now === undefined) return;
    now.retirement.postpone('all');
    const { writer, reader, cursor, retirement, retiring, unlock } = now;
    await doAll([
      () => writer.finish(),
      async () => {
        settle(now);
        await cursor.sync();
      },
      () => retiring.idle(),
      () => retirement.close(),
      () => reader.close(),
      () => writer.close(),
      () => cursor.close(),
      unlock,
    ]);
  };

  return {
    async open(told) {
      failed = told;
      opening = open();
      await opening;
    },
    take() {
      const message = running?.reader.take();
      if (running === undefined || message === undefined) return undefined;
      running.acknowledgement.given(message, running.reader.number);
      unsettledBytes += message.length;
      if (unsettledBytes >= settleEvery) settle(running);
      return message;
    },
    more: () => (asking = more()),
    close,
  };
};
