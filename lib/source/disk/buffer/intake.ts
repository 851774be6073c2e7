import { timerAfter } from '../../../flow/clock.js';
import { openSource, type Source } from '../../../flow/contract/Source.js';
import type { Notify } from '../../../flow/reporter.js';
import { takenCount } from './takenCount.js';
import { subscribeOwned } from '../../../flow/subscribeOwned.js';
import { checkBytes } from '../../MessageTypeError.js';
import { MessageTooLargeError } from '../errors.js';
import type { BufferOptions } from './bufferOptions.js';
import type { BufferState, SourceEnd } from './BufferState.js';
import { WriteBufferFullError } from './errors.js';
import type { FileSystem } from './fileSystem/FileSystem.js';
import type { OpenBuffer } from './openBuffer.js';
import { SegmentWriter } from './SegmentWriter.js';
import { sourcePause } from './sourcePause.js';

/** A source that ignores its pause may exceed `writeBufferBytes` by this factor before that is an error. */
const PATIENCE = 16;

export interface Intake {
  readonly writer: SegmentWriter;
  /** Pauses or resumes the source, depending on how many bytes are unwritten and unread. */
  adjustPause(): void;
  subscribe(source: Source<Uint8Array>): void;
}

/** The writing half of a disk buffer: writes what the source emits, and pauses the source while too much is waiting. */
export const intake = (
  state: BufferState,
  { reader, cursor, segments, tail, unreadAtStart }: OpenBuffer,
  { files, options, notify }: { readonly files: FileSystem; readonly options: BufferOptions; readonly notify: Notify },
): Intake => {
  const { directory, sync, acknowledge, scheduler, maxMessageBytes, writeBufferBytes, eventsPerFile } = options;
  const most = writeBufferBytes * PATIENCE;
  const pause = sourcePause(options, notify);
  const taken = takenCount(sync, tail.last);
  let isSyncScheduled = false;

  const unread = () => unreadAtStart + writer.writtenBytes - reader.bytes;
  const adjustPause = () => pause.adjust(writer.pendingBytes, unread());

  const accept = (message: Uint8Array) => {
    taken.take();
    checkBytes(message);
    if (message.length > maxMessageBytes) throw new MessageTooLargeError(message.length, maxMessageBytes);
    if (writer.pendingBytes > most) throw new WriteBufferFullError(directory, writer.pendingBytes, most);
    if (sync === 'onBlock' && acknowledge?.blockOf(message).begins === true) writer.syncSoon();
    writer.accept(message);
    adjustPause();
  };
  const end = (how: SourceEnd) => {
    if (state.end(how)) void writer.finish().then(() => state.drain());
  };

  const scheduledSync = () => {
    isSyncScheduled = false;
    writer.syncSoon();
  };
  const afterWrite = () => {
    if (sync === 'always') writer.syncSoon();
    else if (typeof sync === 'object' && !isSyncScheduled) {
      isSyncScheduled = true;
      subscribeOwned(state.subscriptions, timerAfter(scheduler, sync.everyMs), { next: scheduledSync });
    }
    taken.written(writer.written.last, writer.pendingBytes === 0);
    adjustPause();
    state.wake();
  };
  const afterSync = async (synced: number) => {
    cursor.move({ synced });
    await cursor.sync();
    taken.synced(synced);
    notify({ type: 'Lag', what: directory, events: writer.written.last - reader.number, bytes: unread() });
  };

  const plan = { files, directory, eventsPerFile, writeBytes: writeBufferBytes / 2, segments, tail };
  const writer = new SegmentWriter({ ...plan, afterWrite, afterSync, failed: state.fail });
  return {
    writer,
    adjustPause,
    subscribe(source) {
      state.untilFailure.add(() => taken.end());
      subscribeOwned(state.subscriptions, openSource(source, pause.level$, taken.settlement), {
        next: message => state.attempt(() => accept(message)),
        error: (error: unknown) => end({ type: 'error', error }),
        complete: () => end({ type: 'complete' }),
      });
    },
  };
};
