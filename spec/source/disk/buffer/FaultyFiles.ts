import { basename, dirname } from 'node:path';
import type { FileSystem, OpenFile, OpenMode } from '../../../../lib/source/disk/buffer/fileSystem/FileSystem.js';
import { garbage, Inode, noBytes, type Change, type Loss } from './Inode.js';

/** What happens at a step, which is one change of the disk or one sync. */
export type Fault =
  /** The process dies in it: how much of a write was done `after` is told; later steps never happen. */
  | { readonly kind: 'crash' }
  /** The step fails with this code, `cut` bytes of a write are done. */
  | { readonly kind: 'error'; readonly code: 'EIO' | 'ENOSPC'; readonly cut: number };

export type FaultAt = Fault & { readonly step: number };

/** What is left of the write in which the process died: its first bytes, and the bytes in place of the others. */
export interface Torn {
  readonly cut: number;
  readonly rest: 'nothing' | 'zeros' | 'garbage';
}

/** What a write left that was torn. */
const partOf = ({ cut, rest }: Torn, at: number, bytes: Uint8Array): Change => {
  const other = { nothing: undefined, zeros: () => 0, garbage }[rest];
  return {
    at,
    bytes: other === undefined ? bytes.slice(0, cut) : bytes.map((byte, index) => (index < cut ? byte : other(index))),
  };
};

/** A disk in memory that does what it is told at one of its steps, and forgets what was not synced. */
export class FaultyFiles implements FileSystem {
  /** Path → file, as it is, and as it is known to the folder on the disk. */
  #names = new Map<string, Inode>();
  #syncedNames = new Map<string, Inode>();
  readonly #removed = new Set<string>();
  /** Bytes that each step so far would write. */
  readonly steps: number[] = [];
  isDead = false;
  hasFailed = false;
  isLocked = false;
  /** Each folder is a volume of its own: nothing is renamed from one to the other. */
  areVolumes = false;
  /** Files of the start that were opened for what is in them. */
  readonly looked = new Set<string>();
  openHandles = 0;
  /** Told each file that was synced. */
  synced: (path: string) => void = () => {};
  /** The write in which the process died. */
  #dying: { readonly inode: Inode; readonly at: number; readonly bytes: Uint8Array } | undefined;
  readonly #fault: FaultAt | undefined;

  constructor(fault?: FaultAt) {
    this.#fault = fault;
  }

  /** Bytes of the write in which the process died; 0 if it died in another step. */
  get dyingBytes(): number {
    return this.#dying?.bytes.length ?? 0;
  }

  /** The disk after the machine has come up again; perhaps with a fault before it. */
  after(loss: Loss, torn: Torn = { cut: 0, rest: 'nothing' }, fault?: FaultAt): FaultyFiles {
    const next = new FaultyFiles(fault);
    next.areVolumes = this.areVolumes;
    const dying = this.#dying;
    for (const [path, inode] of ['nothing', 'bytes'].includes(loss) ? this.#names : this.#syncedNames) {
      if (loss === 'all but removals' && this.#removed.has(path)) continue;
      const isTorn = inode === dying?.inode && (torn.cut > 0 || torn.rest !== 'nothing');
      const change = isTorn ? partOf(torn, dying.at, dying.bytes) : undefined;
      next.#names.set(path, inode.after(path, loss, change));
    }
    next.#syncedNames = new Map(next.#names);
    return next;
  }

  read(path: string): Uint8Array {
    return this.#names.get(path)?.now ?? noBytes;
  }

  /** Puts a file there, synced. */
  put(path: string, bytes: Uint8Array): void {
    const inode = new Inode();
    inode.change({ at: 0, bytes });
    inode.sync();
    this.#names.set(path, inode);
    this.#syncedNames.set(path, inode);
  }

  get paths(): readonly string[] {
    return [...this.#names.keys()].sort();
  }

  makeDirectory(): Promise<void> {
    return Promise.resolve();
  }

  async list(directory: string): Promise<readonly string[]> {
    await this.#alive();
    return this.paths.filter(path => dirname(path) === directory).map(path => basename(path));
  }

  async lock(): Promise<() => Promise<void>> {
    await this.#alive();
    this.#step(() => {
      this.isLocked = true;
    });
    return async () => {
      this.isLocked = false;
      await this.#alive();
      this.#step(() => {});
    };
  }

  async open(path: string, mode: OpenMode): Promise<OpenFile> {
    await this.#alive();
    if (mode === 'new' && this.#names.has(path)) throw Object.assign(new Error(`EEXIST: ${path}`), { code: 'EEXIST' });
    if (mode === 'create' || mode === 'new')
      this.#step(() => {
        const there = this.#names.get(path);
        if (there === undefined) this.#names.set(path, new Inode());
        else there.change({ length: 0 });
      });
    const inode = this.#names.get(path);
    if (inode === undefined) throw Object.assign(new Error(`ENOENT: no such file, open '${path}'`), { code: 'ENOENT' });
    if (inode.origin !== undefined) this.looked.add(inode.origin);
    this.openHandles++;
    return this.#opened(path, inode);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#alive();
    if (this.areVolumes && dirname(from) !== dirname(to))
      throw Object.assign(new Error('EXDEV: cross-device link not permitted'), { code: 'EXDEV' });
    this.#step(() => {
      this.#names.set(to, this.#names.get(from)!);
      this.#names.delete(from);
    });
  }

  async remove(path: string): Promise<void> {
    await this.#alive();
    this.#step(() => {
      this.#names.delete(path);
      this.#removed.add(path);
    });
  }

  async syncDirectory(directory: string): Promise<void> {
    await this.#alive();
    this.#step(() => {
      for (const path of new Set([...this.#names.keys(), ...this.#syncedNames.keys()])) {
        if (dirname(path) !== directory) continue;
        this.#removed.delete(path);
        const inode = this.#names.get(path);
        if (inode === undefined) this.#syncedNames.delete(path);
        else this.#syncedNames.set(path, inode);
      }
    });
  }

  #opened(path: string, inode: Inode): OpenFile {
    const write = (bytes: Uint8Array, at: number) =>
      this.#step(
        () => inode.change({ at, bytes: bytes.slice() }),
        fault => {
          if (fault.kind === 'crash') this.#dying = { inode, at, bytes: bytes.slice() };
          else inode.change({ at, bytes: bytes.slice(0, fault.cut) });
        },
        bytes.length,
      );
    return {
      size: async () => {
        await this.#alive();
        return inode.now.length;
      },
      read: async (into, position) => {
        await this.#alive();
        let at = position;
        for (const buffer of into) {
          const part = inode.now.subarray(at, at + buffer.length);
          buffer.set(part);
          at += part.length;
        }
        return Math.max(0, at - position);
      },
      write: async (from, position) => {
        await this.#alive();
        write(Buffer.concat(from), position);
      },
      writeNow: (bytes, position) => {
        if (this.isDead) return;
        write(bytes, position);
      },
      truncate: async length => {
        await this.#alive();
        this.#step(() => inode.change({ length }));
      },
      sync: async () => {
        await this.#alive();
        this.#step(() => {
          inode.sync();
          this.synced(path);
        });
      },
      close: () => {
        this.openHandles--;
        return Promise.resolve();
      },
    };
  }

  /** The dead never come back from what they asked. */
  async #alive(): Promise<void> {
    if (this.isDead) await new Promise(() => {});
    await Promise.resolve();
    if (this.isDead) await new Promise(() => {});
  }

  #step(whole: () => void, partly: (fault: Fault) => void = () => {}, bytes = 0): void {
    const step = this.steps.push(bytes) - 1;
    const fault = this.#fault?.step === step ? this.#fault : undefined;
    if (fault === undefined) whole();
    else {
      partly(fault);
      if (fault.kind === 'crash') {
        this.isDead = true;
        throw new Error('dead');
      }
      this.hasFailed = true;
      throw Object.assign(new Error(`${fault.code}: injected`), { code: fault.code });
    }
  }
}
