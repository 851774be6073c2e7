/** What a crashed machine finds of what was not synced. */
export type Loss =
  /** Only the process died: all is there. */
  | 'nothing'
  /** Nothing of it. */
  | 'all'
  /** All bytes, but no change of names: no rename has reached its folder. */
  | 'names'
  /** Nothing but that files were removed. */
  | 'all but removals'
  /** All names, but no bytes. */
  | 'bytes'
  /** Every other write, and no change of names. */
  | 'odd'
  | 'even'
  /** The sizes, but zeros in place of the bytes. */
  | 'zeros'
  /** Other bytes, and more of them. */
  | 'garbage';

export type Change = { readonly at: number; readonly bytes: Uint8Array } | { readonly length: number };

export const noBytes = new Uint8Array(0);

/** A file on a disk that forgets: as it is, and as much of it as was synced. */
export class Inode {
  /** Where it lay when the disk came up; nothing once all its bytes have gone. */
  origin: string | undefined;
  now: Uint8Array = noBytes;
  synced: Uint8Array = noBytes;
  unsynced: Change[] = [];
  /** What is left after a loss, once it was asked for. */
  #left = new Map<Loss, Uint8Array>();

  change(change: Change): void {
    if ('length' in change && change.length === 0) this.origin = undefined;
    this.now = applied(this.now, change);
    this.unsynced.push(change);
    this.#left.clear();
  }

  sync(): void {
    this.synced = this.now;
    this.unsynced = [];
    this.#left.clear();
  }

  /** As it is found at `path` after a loss. */
  after(path: string, loss: Loss, torn?: Change): Inode {
    const found = new Inode();
    found.origin = path;
    found.now = found.synced = torn === undefined ? this.#leftBy(loss) : this.#torn(torn).#leftBy(loss);
    return found;
  }

  #torn(change: Change): Inode {
    const other = new Inode();
    other.now = applied(this.now, change);
    other.synced = this.synced;
    other.unsynced = [...this.unsynced, change];
    return other;
  }

  #leftBy(loss: Loss): Uint8Array {
    const left = this.#left.get(loss) ?? this.#computed(loss);
    this.#left.set(loss, left);
    return left;
  }

  #computed(loss: Loss): Uint8Array {
    const { now, synced, unsynced } = this;
    switch (loss) {
      case 'nothing':
      case 'names':
        return now;
      case 'all':
      case 'all but removals':
      case 'bytes':
        return synced;
      case 'odd':
      case 'even':
        return unsynced.filter((_, at) => at % 2 === (loss === 'odd' ? 1 : 0)).reduce(applied, synced);
      case 'zeros':
        return unsynced.map(blanked(() => 0)).reduce(applied, synced);
      case 'garbage': {
        if (unsynced.length === 0) return synced;
        const bytes = unsynced.map(blanked(garbage)).reduce(applied, synced);
        return Buffer.concat([bytes, Uint8Array.of(1, 2, 3, 4, 5, 6, 7)]);
      }
    }
  }
}

const applied = (bytes: Uint8Array, change: Change): Uint8Array => {
  const length = 'length' in change ? change.length : Math.max(bytes.length, change.at + change.bytes.length);
  const result = new Uint8Array(length);
  result.set(bytes.subarray(0, length));
  if ('at' in change) result.set(change.bytes, change.at);
  return result;
};

/** Other bytes than any that are written. */
export const garbage = (at: number) => (at * 7 + 13) % 256;

const blanked =
  (byte: (at: number) => number) =>
  (change: Change): Change =>
    'at' in change ? { at: change.at, bytes: change.bytes.map((_, at) => byte(at)) } : change;
