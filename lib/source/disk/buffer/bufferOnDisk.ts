import { defer } from 'rxjs';
import type { OpenedSource } from '../../../flow/contract/Pausable.js';
import { reporter } from '../../../flow/reporter.js';
import { checkSource, openSource, type Source } from '../../../flow/contract/Source.js';
import { bufferOptions, type BufferOnDiskOptions } from './bufferOptions.js';
import { DiskBuffer } from './DiskBuffer.js';
import { fromFeed } from '../fromFeed.js';
import { folderKey } from './folderKey.js';
import { noSettlement } from '../../../flow/settlement/noSettlement.js';
import { nodeFileSystem } from './fileSystem/nodeFileSystem.js';

/**
 * Buffers a source on disk: takes messages as fast as the disk, emits them at the consumer's pace, and resumes after a
 * stop of any kind (promises D1–D9, L1).
 *
 * Messages come in order, each once per run. The next run repeats those that the consumer had not settled, and none
 * that it had (promise D5). What operators drop is settled with the next message that they do not. Completion comes when all is settled (promise K3), an error of the source after what it
 * emitted before. The source learns what is durable, as `sync` says (promise K4). Unsubscribing writes and syncs what
 * was taken. Each subscription opens the folder; the next one waits until it is released.
 *
 * Without a settlement, as when you subscribe to it yourself, a message is settled when the next one is asked for, and
 * an `Unsettled` notice says so. Errors immediately, also while it is paused, with `BufferFileError` (damage or a full disk),
 * `DirectoryInUseError`, `MessageTooLargeError`, `MessageTypeError`, `HeldBackError` if an operator behind it emits
 * later, and `WriteBufferFullError` if the source does not pause. What fails after its end is a `Failed` notice. Throws
 * `OptionError`.
 *
 * @param source - Its messages are taken as fast as the disk allows.
 * @param options - The folder, and bounds with their defaults.
 * @example
 * ```ts
 * const buffered = bufferOnDisk(pause$ => socketServer({ port: 3005, pause$ }), {
 *   directory: 'buffer',
 * });
 * broker
 *   .receive((pause$, settlement) =>
 *     buffered(pause$, settlement).pipe(deserialize(vegaDecoder)),
 *   )
 *   .subscribe();
 * ```
 * @see node_modules/rx-event-broker/docs/sources/disk-buffer.md
 */
export const bufferOnDisk = (source: Source<Uint8Array>, options: BufferOnDiskOptions): OpenedSource<Uint8Array> => {
  checkSource(source);
  const checked = bufferOptions(options);
  const { directory: what, notices } = checked;
  if (checked.eventsPerFile === 0)
    return (pause$, settlement) => openSource(source, pause$, settlement ?? noSettlement('bufferOnDisk'));
  const key = () => folderKey(what);
  const isSettled = checked.acknowledge === undefined && checked.settlement === undefined;
  return (pause$, settlement) => {
    const open = () => new DiskBuffer(source, checked, nodeFileSystem, isSettled ? settlement : undefined);
    const messages$ = fromFeed(open, { what, pause$, notices, key });
    if (!isSettled || settlement !== undefined) return messages$;
    return defer(() => {
      reporter<unknown>(notices, { id: 0, key: 0, name: what }).notify({ type: 'Unsettled', what });
      return messages$;
    });
  };
};
