// The cursor file: which records have been processed, and which are known to be on the disk (promise D5). It has four slots.
// Each write goes to a different slot than the one before, so a write that was cut off never destroys the only valid slot.
//
//     generation     8 bytes, big-endian: the undamaged slot with the highest generation counts
//     acknowledged   8 bytes, big-endian: the number of a record; all up to it have been processed
//     synced         8 bytes, big-endian: the number of a record; all up to it have been synced
//     crc            4 bytes, big-endian: CRC-32 of the 24 bytes before
import { readCount, readWord, writeCount, writeWord, type Crc32 } from './bytes.js';

const COVERED_BYTES = 24;
const SLOT_BYTES = COVERED_BYTES + 4;
/** Each slot lies in a sector of its own, so that a damaged write cannot harm the others. */
export const SLOT_DISTANCE = 512;
export const SLOT_COUNT = 4;
export const CURSOR_BYTES = SLOT_DISTANCE * SLOT_COUNT;

export interface CursorState {
  readonly generation: number;
  readonly acknowledged: number;
  readonly synced: number;
}

export const printSlot = (crc32: Crc32, { generation, acknowledged, synced }: CursorState): Uint8Array => {
  const slot = new Uint8Array(SLOT_BYTES);
  writeCount(slot, 0, generation);
  writeCount(slot, 8, acknowledged);
  writeCount(slot, 16, synced);
  writeWord(slot, COVERED_BYTES, crc32(slot.subarray(0, COVERED_BYTES)));
  return slot;
};

/** The newest undamaged slot of a cursor file, with its index; `undefined` if all are damaged. */
export const parseCursor = (crc32: Crc32, file: Uint8Array): (CursorState & { readonly slot: number }) | undefined => {
  let newest: (CursorState & { readonly slot: number }) | undefined;
  for (let slot = 0; slot < SLOT_COUNT; slot++) {
    const bytes = file.subarray(slot * SLOT_DISTANCE, slot * SLOT_DISTANCE + SLOT_BYTES);
    if (bytes.length < SLOT_BYTES) break;
    if (readWord(bytes, COVERED_BYTES) !== crc32(bytes.subarray(0, COVERED_BYTES))) continue;
    const [generation, acknowledged, synced] = [readCount(bytes, 0), readCount(bytes, 8), readCount(bytes, 16)];
    if (newest === undefined || generation > newest.generation) newest = { generation, acknowledged, synced, slot };
  }
  return newest;
};
