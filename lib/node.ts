export { asyncContext } from './process/asyncContext.js';
export { recordedIn } from './process/recordedIn.js';
export { recordTo, type RecordFile } from './process/recordTo.js';
export { reportAtExit, type Snapshotted } from './process/reportAtExit.js';
export { MessageTypeError } from './source/MessageTypeError.js';
export type { BlockOf } from './source/disk/BlockOf.js';
export { BufferFileError, MessageTooLargeError } from './source/disk/errors.js';
export { bufferFiles, type BufferFilesOptions } from './source/disk/recordings/bufferFiles.js';
export { MixedFileNamesError, NoBufferFilesError } from './source/disk/recordings/errors.js';
export { readRawEvent, type RawEvent } from './source/disk/recordings/readRawEvent.js';
export { recordToFile } from './source/disk/recordings/recordToFile.js';
export { bufferOnDisk } from './source/disk/buffer/bufferOnDisk.js';
export type { BufferOnDiskOptions, Sync } from './source/disk/buffer/bufferOptions.js';
export { DirectoryInUseError, WriteBufferFullError } from './source/disk/buffer/errors.js';
export { fileParking, type FileParking, type FileParkingOptions } from './source/disk/parking/fileParking.js';
export { lockDirectory } from './source/disk/buffer/fileSystem/lockDirectory.js';
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
