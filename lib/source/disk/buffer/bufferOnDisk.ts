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
 * Buffers a source on disk: takes messages as fast as the disk allows, emits them at the consumer's pace, and resumes
 * after a stop of any kind (promises D1–D9, L1).
 *
 * Messages are emitted in order, each once per run. The next run repeats the messages that the consumer had not settled,
 * and no others (promise D5). A message that an operator drops is settled with the next one that the operator emits.
 *
 * Completes when all messages are settled (promise K3). An error of the source follows the messages before it. The
 * source is notified of what is durable, as `sync` defines it (promise K4). Unsubscribing writes and syncs the messages
 * taken so far. Each subscription opens the folder; the next one waits until the folder is released.
 *
 * Without a settlement, for example when you subscribe to it yourself, a message is settled when the next one is
 * requested. An `Unsettled` notice reports that.
 *
 * Errors immediately, even while paused, with `BufferFileError` (damage or a full disk), `DirectoryInUseError`,
 * `MessageTooLargeError` and `MessageTypeError`; with `HeldBackError` if a later operator holds messages back; and with
 * `WriteBufferFullError` if the source does not pause. A failure after the end is a `Failed` notice. Throws
 * `OptionError`.
 *
 * @param source - The source of the messages: an Observable, or a function of `pause$`.
 * @param options - The folder, when to sync, and bounds with their defaults.
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
