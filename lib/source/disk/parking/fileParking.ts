import { resolve } from 'node:path';
import { aFunction, checkOption, checkOptions, count, needed } from '../../../flow/contract/options.js';
import type { Disposal } from '../../../flow/contract/Disposal.js';
import type { Parking } from '../../../flow/contract/Parking.js';
import { disposable } from '../../../flow/disposable.js';
import { parkedCodec, type ParkedCodec } from '../../../flow/parking/parkedCodec.js';
import { parkingOn } from '../../../flow/parking/parkingOn.js';
import { nodeFileSystem } from '../buffer/fileSystem/nodeFileSystem.js';
import { withFileErrors } from '../buffer/fileSystem/withFileErrors.js';
import { path } from '../optionChecks.js';
import { FileParkingStore } from './FileParkingStore.js';

/** The default of `mostBytes`. Parked events are kept in memory as well. */
const DEFAULT_MOST_BYTES = 64 * 1024 * 1024;

/**
 * Options of `fileParking`.
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export interface FileParkingOptions<E> extends ParkedCodec<E> {
  /** The most bytes of all parked events together, as UTF-8 text. Default 64 MiB, at least 1. */
  readonly mostBytes?: number;
}

/**
 * A parking in a folder, with a method that releases the folder.
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export interface FileParking<E> extends Parking<E>, Disposal<'asyncDispose', () => Promise<void>> {
  /** Releases the folder after all pending calls have finished. The next call opens it again. */
  close(): Promise<void>;
}

/**
 * Parks events in a folder. An event is parked once it is written and synced, so neither a killed process nor a crashed machine
 * loses it (promise B22k). The folder belongs to one process at a time; it is created, locked and read at the first call.
 *
 * A call rejects with `DirectoryInUseError` if another process uses the folder, with `BufferFileError` if the file in it is
 * damaged or cannot be read or written, and with what `encode` throws. The call after a failure tries again. Throws
 * `OptionError`.
 *
 * @param directory - The path of the folder. Nothing else may use it.
 * @param options - How events are encoded as text, and the most bytes of all of them.
 * @example
 * ```ts
 * const failed = fileParking<Payment>('failed-payments');
 * broker.subscribe({
 *   name: 'payments',
 *   required: true,
 *   types: ['Payment'],
 *   onFailure: park(failed, { by: payment => payment.account }),
 *   next: payment => bank.pay(payment),
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export const fileParking = <E>(directory: string, options: FileParkingOptions<E> = {}): FileParking<E> => {
  checkOption('directory', directory, needed(path));
  const { mostBytes = DEFAULT_MOST_BYTES, ...codec } = checkOptions('fileParking', options, {
    encode: aFunction,
    decode: aFunction,
    mostBytes: count(1),
  });
  const store = new FileParkingStore<E>(
    withFileErrors(nodeFileSystem),
    resolve(directory),
    parkedCodec(codec),
    mostBytes,
  );
  const close = (): Promise<void> => store.close();
  return disposable({ ...parkingOn<E>(store), close }, Symbol.asyncDispose, close) as unknown as FileParking<E>;
};
