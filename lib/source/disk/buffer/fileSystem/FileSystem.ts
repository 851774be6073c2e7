/**
 * Everything that the disk buffer asks of a file system, so that a test can put one in its place that fails and forgets.
 *
 * What is written survives a killed process at once; a crashed machine only after `sync`, and names only after
 * `syncDirectory` of their folder.
 */
export interface FileSystem {
  /** Makes a folder, and those above it, where it is not there yet. */
  makeDirectory(path: string): Promise<void>;
  /** Takes a folder for this process alone; gives what gives it up. Rejects with `DirectoryInUseError`. */
  lock(directory: string): Promise<() => Promise<void>>;
  /** Names in a folder, folders and all. */
  list(directory: string): Promise<readonly string[]>;
  open(path: string, mode: OpenMode): Promise<OpenFile>;
  /** Puts a file in the place of whatever is there, at once. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  syncDirectory(path: string): Promise<void>;
}

/**
 * `update` reads and writes what is there, `create` makes an empty file of whatever is there, `new` makes one where nothing is.
 */
export type OpenMode = 'read' | 'update' | 'create' | 'new';

/** An open file; positions and sizes in bytes. */
export interface OpenFile {
  size(): Promise<number>;
  /** Fills the buffers one after the other; gives how many bytes there were. */
  read(into: readonly Uint8Array[], position: number): Promise<number>;
  /** Writes all of the buffers one after the other, or rejects. */
  write(from: readonly Uint8Array[], position: number): Promise<void>;
  /** As `write`, before it returns. */
  writeNow(bytes: Uint8Array, position: number): void;
  truncate(bytes: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}
