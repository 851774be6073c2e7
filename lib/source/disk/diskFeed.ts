import { join } from 'node:path';
import type { Subscription } from 'rxjs';
import { BehaviorSubject, Subject, takeUntil } from 'rxjs';
import { openSource, type Source } from '../../flow/Source.js';
import { checkBytes } from '../MessageTypeError.js';
import { acknowledgeByBlock, acknowledgeByDemand, type Acknowledgement } from './acknowledge.js';
import { openArchive, removal, type Retirement } from './Archive.js';
import type { BufferOptions } from './bufferOptions.js';
import type { Feed } from './Feed.js';
import type { Files } from './Files.js';
import { MessageTooLargeError } from './MessageTooLargeError.js';
import { closeBuffer, openBuffer, type OpenBuffer } from './openBuffer.js';
import { SegmentReader } from './SegmentReader.js';
import { SegmentWriter } from './SegmentWriter.js';
import { withFileErrors } from './withFileErrors.js';
import { WriteBufferFullError } from './WriteBufferFullError.js';

/** A source that does not obey its pause may hand over so many times `writeBufferBytes` more. */
const patience = 16;

/** The cursor follows what is done with after so many bytes at the latest. */
const settleEvery = 64 * 1024;

interface Running extends OpenBuffer {
  readonly writer: SegmentWriter;
  readonly reader: SegmentReader;
  readonly retirement: Retirement;
  readonly acknowledgement: Acknowledgement;
  /** Bytes that lay unread when it was opened. */
  readonly unreadAtStart: number;
}

/**
 * A disk buffer at work: what its source emits goes to the disk, what lies there is given when it is asked for.
 *
 *     source ──► writer ──► segments on disk ──► reader ──► take
 *       ▲ pause      │ afterWrite: wake `more`      │ given, asked: acknowledgement ──► cursor, retirement
 *       ╰── too much awaits the disk, or lies unread
 *
 * 1  A record is given only after it was written, in order, once a subscription.
 * 2  The cursor never stands behind a segment's end before that segment is left alone by the reader; only then it is retired,
 *    and only after the cursor was synced: what is missing was done with.
 * 3  The source's end is told when everything it emitted was given; a failure of the buffer itself at once.
 */
export const diskFeed = (source: Source<Uint8Array>, options: BufferOptions, disk: Files): Feed<Uint8Array> => {
  const files = withFileErrors(disk);
  const { directory, sync, acknowledge, notices, scheduler } = options;
  const pause$ = new BehaviorSubject(false);
  /** Ends the subscriptions of the source and of `done$`, also from inside a source that emits while it is subscribed. */
  const stop$ = new Subject<void>();

  let opening: Promise<Running> | undefined;
  let running: Running | undefined;
  let asking: Promise<unknown> = Promise.resolve();
  let retiring: Promise<void> = Promise.resolve();
  let end: { readonly error?: unknown; readonly isError: boolean } | undefined;
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
    failure ??= { error };
    stop$.next();
    wake();
  };

  const unread = ({ unreadAtStart, writer, reader }: Running) => unreadAtStart + writer.writtenBytes - reader.bytes;

  /** Each level is left at half of the bound at which it was entered. */
  const relevel = (now: Running) => {
    const wasFull = isFull;
    isBusy = now.writer.pendingBytes > options.writeBufferBytes / (isBusy ? 2 : 1);
    isFull = unread(now) > options.maxBufferedBytes / (isFull ? 2 : 1);
    if (isFull && !wasFull) notices?.next({ type: 'Full', what: directory });
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
      syncTimer ??= scheduler.schedule(() => {
        syncTimer = undefined;
        syncSoon();
      }, sync.everyMs);
    if (running !== undefined) relevel(running);
    wake();
  };

  const afterSync = async ({ cursor }: OpenBuffer, synced: number) => {
    cursor.move({ synced });
    await cursor.sync();
    if (running === undefined) return;
    const events = running.writer.written.last - running.reader.number;
    notices?.next({ type: 'Lag', what: directory, events, bytes: unread(running) });
  };

  /** Moves the cursor to what is done with, and lets go of the segments before it. */
  const settle = ({ acknowledgement: { acknowledged }, cursor, segments, retirement }: Running) => {
    unsettledBytes = 0;
    if (acknowledged <= cursor.acknowledged) return;
    cursor.move({ acknowledged });
    while (segments.length > 1 && segments[0]!.to <= acknowledged) {
      const segment = segments.shift()!;
      retiring = retiring.then(() => cursor.sync()).then(() => retirement.retire(segment));
      retiring = retiring.catch(fail);
    }
  };

  /** What else is opened; what begins to work is the last of it. */
  const openBeside = async ({ cursor, segments }: OpenBuffer) => {
    const unreadAtStart = await unreadBytes(files, directory, segments, cursor.acknowledged);
    if (options.archive === undefined) return { unreadAtStart, retirement: removal(files, directory) };
    const { directory: to = join(directory, 'archive'), maximumSizeBytes } = options.archive;
    const archive = { files, from: directory, to, maximumSizeBytes, scheduler, failed: fail };
    return { unreadAtStart, retirement: await openArchive(archive) };
  };

  const open = async (): Promise<Running> => {
    const buffer = await openBuffer(files, directory, options.eventsPerFile);
    const { cursor, segments, tail } = buffer;
    const beside = await openBeside(buffer).catch(async (error: unknown) => {
      await closeBuffer(buffer);
      throw error;
    });
    const reader = new SegmentReader(files, directory, segments, cursor.acknowledged, options.maxMessageBytes);
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
    const acknowledgement = byBlock ?? acknowledgeByDemand(cursor.acknowledged);
    const now: Running = { ...buffer, ...beside, reader, writer, acknowledgement };
    running = now;
    if (isClosed || failure !== undefined) return now;
    relevel(now);
    acknowledge?.done$.pipe(takeUntil(stop$)).subscribe({
      next: key => {
        byBlock?.named(key);
        try {
          settle(now);
        } catch (error) {
          fail(error);
        }
      },
      error: fail,
    });
    if (failure === undefined) connect(now);
    return now;
  };

  const connect = (now: Running) => {
    const ended = (how: NonNullable<typeof end>) => {
      end = how;
      void now.writer.finish().then(() => {
        isWritten = true;
        wake();
      });
    };
    openSource(source, pause$)
      .pipe(takeUntil(stop$))
      .subscribe({
        next: message => {
          try {
            accept(now, message);
          } catch (error) {
            fail(error);
          }
        },
        error: (error: unknown) => ended({ isError: true, error }),
        complete: () => ended({ isError: false }),
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
        if (end.isError) throw end.error;
        return false;
      }
      await new Promise<void>(resolve => (wake = resolve));
    }
  };

  const close = async (): Promise<void> => {
    isClosed = true;
    stop$.next();
    syncTimer?.unsubscribe();
    wake();
    await asking.catch(() => {});
    const now = await opening?.catch(() => undefined);
    if (now === undefined) return;
    const { writer, reader, cursor, retirement, unlock } = now;
    try {
      await writer.finish();
      settle(now);
      await cursor.sync();
      await retiring;
    } finally {
      await Promise.allSettled([retirement.close(), reader.close(), writer.close(), cursor.close()]);
      await unlock();
    }
  };

  return {
    async open() {
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
    more: () => {
      const asked = more();
      asking = asked;
      return asked;
    },
    close,
  };
};

/** Bytes of the segments from the first one on that is not done with. */
const unreadBytes = async (
  files: Files,
  directory: string,
  segments: OpenBuffer['segments'],
  acknowledged: number,
): Promise<number> => {
  let bytes = 0;
  for (const { name, to } of segments) {
    if (to <= acknowledged) continue;
    const file = await files.open(join(directory, name), 'read');
    bytes += await file.size().finally(() => file.close());
  }
  return bytes;
};
