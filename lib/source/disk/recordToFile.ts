import { defer, finalize, tap, type MonoTypeOperatorFunction } from 'rxjs';
import { checkBytes } from '../MessageTypeError.js';
import { maxMessageBytesOption } from './maxMessageBytesOption.js';
import { MessageTooLargeError } from './MessageTooLargeError.js';
import { RecordWriter } from './RecordWriter.js';

/**
 * Writes the messages that pass into a new file of records, numbered from 0, which `bufferFiles` reads (promise R7).
 *
 * It writes synchronously, 64 kB at a time, so nothing queues up however fast the source: the source waits in its own `next`.
 * The file is whole and closed before the completion or the error is passed on, and when unsubscribing returns; it is not
 * synced to the disk.
 *
 * Errors with `BufferFileError` where the file is there already, or cannot be written (what it holds then are whole records),
 * with `MessageTooLargeError` past `maxMessageBytes` (default 64 MiB), and with `MessageTypeError`. Throws `OptionError`.
 */
export const recordToFile = (
  file: string,
  options: { readonly maxMessageBytes?: number } = {},
): MonoTypeOperatorFunction<Uint8Array> => {
  const maxMessageBytes = maxMessageBytesOption(options.maxMessageBytes);
  return source =>
    defer(() => {
      const writer = new RecordWriter(file);
      const close = () => writer.close();
      const next = (message: Uint8Array) => {
        checkBytes(message);
        if (message.length > maxMessageBytes) throw new MessageTooLargeError(message.length, maxMessageBytes);
        writer.write(message);
      };
      return source.pipe(tap({ next, error: close, complete: close }), finalize(close));
    });
};
