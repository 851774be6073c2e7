import { resolve } from 'node:path';
import { defer, finalize, tap, type MonoTypeOperatorFunction } from 'rxjs';
import { checkOption, checkOptions, needed } from '../../../flow/contract/options.js';
import { writeError } from '../../../flow/reporter.js';
import { checkBytes } from '../../MessageTypeError.js';
import { maxMessageBytes, path } from '../optionChecks.js';
import { MessageTooLargeError } from '../errors.js';
import { DEFAULT_MAX_MESSAGE_BYTES } from '../format/record.js';
import { RecordWriter } from './RecordWriter.js';

/**
 * Passes messages through and writes them to a new file of records, numbered from 0, which `bufferFiles` reads (promise
 * R7).
 *
 * It writes synchronously, 64 kB at a time, so nothing queues up, however fast the source is. The file is complete and
 * closed before completion or an error is passed on, and when `unsubscribe` returns. It is not synced to the disk.
 *
 * Errors with `BufferFileError` if the file exists or cannot be written (it then holds whole records), with
 * `MessageTooLargeError` and with `MessageTypeError`. A write that fails during `unsubscribe` goes to `console.error`.
 * Throws `OptionError`.
 *
 * @param file - The path of the new file; it must not exist.
 * @param options - `maxMessageBytes`, default 64 MiB.
 * @example
 * ```ts
 * socketServer({ port: 3005 }).pipe(recordToFile('events/0001')).subscribe();
 * ```
 * @see node_modules/rx-event-broker/docs/sources/files.md
 */
export const recordToFile = (
  file: string,
  options: {
    /** The largest message, in bytes. Default 64 MiB. */
    readonly maxMessageBytes?: number;
  } = {},
): MonoTypeOperatorFunction<Uint8Array> => {
  checkOption('file', file, needed(path));
  checkOptions('recordToFile', options, { maxMessageBytes });
  const most = options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES;
  const absolute = resolve(file);
  return source =>
    defer(() => {
      const writer = new RecordWriter(absolute);
      const close = () => writer.close();
      const next = (message: Uint8Array) => {
        checkBytes(message);
        if (message.length > most) throw new MessageTooLargeError(message.length, most);
        writer.write(message);
      };
      // After unsubscription nothing can receive an error, and `unsubscribe` must not throw.
      const unsubscribe = () => {
        try {
          close();
        } catch (error) {
          writeError(`the last messages were not written to ${absolute}`, error);
        }
      };
      return source.pipe(tap({ next, error: close, complete: close }), finalize(unsubscribe));
    });
};
