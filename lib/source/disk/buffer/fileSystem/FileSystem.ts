/**
 * The part of a file system that the disk buffer uses. Tests replace it with one that fails and loses writes.
 *
 * A write survives a killed process immediately. It survives a crashed machine only after `sync`, and the name of a file only
 * after `syncDirectory` of its folder.
 */
export interface FileSystem {
  /** Creates a folder and its parents, unless they exist. */
  makeDirectory(path: string): Promise<void>;
  /** Locks a folder, and resolves to the function that releases it. Rejects with `DirectoryInUseError`. */
  lock(directory: string): Promise<() => Promise<void>>;
  /** The names in a folder, including those of folders. */
  list(directory: string): Promise<readonly string[]>;
  open(path: string, mode: OpenMode): Promise<OpenFile>;
  /** Renames a file atomically. It replaces what is at `to`. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  syncDirectory(path: string): Promise<void>;
}

/**
 * `update`: opens an existing file for reading and writing. `create`: creates an empty file, or empties an existing one.
 * `new`: creates a file, and fails if it exists.
 */
export type OpenMode = 'read' | 'update' | 'create' | 'new';

/** An open file; positions and sizes in bytes. */
export interface OpenFile {
  size(): Promise<number>;
  /** Fills the buffers one after the other, and resolves to the number of bytes read. */
  read(into: readonly Uint8Array[], position: number): Promise<number>;
  /** Writes all of the buffers, one after the other, or rejects. */
  write(from: readonly Uint8Array[], position: number): Promise<void>;
  /** As `write`, but synchronously. */
  writeNow(bytes: Uint8Array, position: number): void;
  truncate(bytes: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}
