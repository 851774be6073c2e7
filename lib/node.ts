export { MessageTypeError } from './source/MessageTypeError.js';
export type { BlockOf } from './source/disk/BlockOf.js';
export { BufferFileError } from './source/disk/BufferFileError.js';
export { bufferFiles, type BufferFilesOptions } from './source/disk/bufferFiles.js';
export { MessageTooLargeError } from './source/disk/MessageTooLargeError.js';
export { MixedFileNamesError } from './source/disk/MixedFileNamesError.js';
export { NoBufferFilesError } from './source/disk/NoBufferFilesError.js';
export { readRawEvent, type RawEvent } from './source/disk/readRawEvent.js';
export { recordToFile } from './source/disk/recordToFile.js';
export { bufferOnDisk } from './source/disk/bufferOnDisk.js';
export type { BufferOnDiskOptions, Sync } from './source/disk/bufferOptions.js';
export { DirectoryInUseError } from './source/disk/DirectoryInUseError.js';
export { lockDirectory } from './source/disk/lockDirectory.js';
export { WriteBufferFullError } from './source/disk/WriteBufferFullError.js';
export {
  DialTimeoutError,
  FrameSizeError,
  GreetingError,
  GreetingTimeoutError,
  ListenError,
  MessageRefusedError,
  PeerBusyError,
  PeerLostError,
  ReceiveTimeoutError,
  SendBufferFullError,
} from './source/socket/errors.js';
export { inproc, type Inproc } from './source/socket/inproc.js';
export { socketClient, type SocketClientOptions } from './source/socket/socketClient.js';
export { socketServer, type SocketServerOptions } from './source/socket/socketServer.js';
export { Config } from './config/Config.js';
export { ConfigError, type ConfigProblem } from './config/ConfigError.js';
export { decodeConfig } from './config/decodeConfig.js';
export { eventSource, type EventSourceOptions } from './config/eventSource.js';
