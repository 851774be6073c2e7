export type { BlockOf } from './source/disk/BlockOf.js';
export { BufferFileError } from './source/disk/BufferFileError.js';
export { bufferFiles, type BufferFilesOptions } from './source/disk/bufferFiles.js';
export { MessageTooLargeError } from './source/disk/MessageTooLargeError.js';
export { MixedFileNamesError } from './source/disk/MixedFileNamesError.js';
export { NoBufferFilesError } from './source/disk/NoBufferFilesError.js';
export { readRawEvent, type RawEvent } from './source/disk/readRawEvent.js';
export { recordToFile } from './source/disk/recordToFile.js';
