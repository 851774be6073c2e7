import { resolve } from 'node:path';
import { defer, finalize, tap, type MonoTypeOperatorFunction } from 'rxjs';
import { checkOption, checkOptions, needed } from '../../flow/options.js';
import { writeError } from '../../flow/reporter.js';
import { checkBytes } from '../MessageTypeError.js';
import { maxMessageBytes } from './maxMessageBytes.js';
import { MessageTooLargeError } from './MessageTooLargeError.js';
import { path } from './path.js';
import { defaultMaxMessageBytes } from './record.js';
import { RecordWriter } from './RecordWriter.js';

/**
 * Writes the messages that pass into a new file of records, numbered from 0, which `bufferFiles` reads (promise R7).
 *
 * It writes synchronously, 64 kB at a time, so nothing queues up however fast the source: the source waits in its own `next`.
 * The file is whole and closed before the completion or the error is passed on, and when unsubscribing returns; it is not
 * synced to the disk.
 *
 * Errors with `BufferFileError` where the file is there already, or cannot be written (what it holds then are whole records),
 * with `MessageTooLargeError` past `maxMessageBytes` (default 64 MiB), and with `MessageTypeError`. A write that fails when it is unsubscribed is written to `console.error`. Throws `OptionError`.
 */
export const recordToFile = (
  file: string,
  options: { readonly maxMessageBytes?: number } = {},
): MonoTypeOperatorFunction<Uint8Array> => {
  checkOption('file', file, needed(path));
  checkOptions('recordToFile', options, { maxMessageBytes });
  const most = options.maxMessageBytes ?? defaultMaxMessageBytes;
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
      // Who has left hears nothing, and his unsubscribing must not throw.
      const leave = () => {
        try {
          close();
        } catch (error) {
          writeError(`the last messages were not written to ${absolute}`, error);
        }
      };
      return source.pipe(tap({ next, error: close, complete: close }), finalize(leave));
    });
};
