// The cursor: how far the buffer's records are done with, and how far they are known to be on the disk (promise D5). The
// file has four slots, written in turn, so that a slot that was cut off while it was written never is the only one:
//
//     generation     8 bytes, big-endian: the highest sound one counts
//     acknowledged   8 bytes, big-endian: number of a record; those up to it are done with
//     synced         8 bytes, big-endian: number of a record; those up to it were synced
//     crc            4 bytes, big-endian: CRC-32 of the 24 bytes before
import { crc32 } from 'node:zlib';
import { readCount, readWord, writeCount, writeWord } from './record.js';

/** Bytes of a slot. */
const slotBytes = 28;
/** Slots lie in sectors of their own: one that is damaged while it is written harms no other. */
export const slotDistance = 512;
export const slotCount = 4;
export const cursorBytes = slotDistance * slotCount;

export interface CursorState {
  readonly generation: number;
  readonly acknowledged: number;
  readonly synced: number;
}

export const printSlot = ({ generation, acknowledged, synced }: CursorState): Uint8Array => {
  const slot = new Uint8Array(slotBytes);
  writeCount(slot, 0, generation);
  writeCount(slot, 8, acknowledged);
  writeCount(slot, 16, synced);
  writeWord(slot, 24, crc32(slot.subarray(0, 24)));
  return slot;
};

/** The newest sound slot of a cursor file, and which one it is; nothing where none is sound. */
export const parseCursor = (file: Uint8Array): (CursorState & { readonly slot: number }) | undefined => {
  let newest: (CursorState & { readonly slot: number }) | undefined;
  for (let slot = 0; slot < slotCount; slot++) {
    const bytes = file.subarray(slot * slotDistance, slot * slotDistance + slotBytes);
    if (bytes.length < slotBytes) break;
    if (readWord(bytes, 24) !== crc32(bytes.subarray(0, 24))) continue;
    const [generation, acknowledged, synced] = [readCount(bytes, 0), readCount(bytes, 8), readCount(bytes, 16)];
    if (newest === undefined || generation > newest.generation) newest = { generation, acknowledged, synced, slot };
  }
  return newest;
};
