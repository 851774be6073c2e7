import { crc32 } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { parseCursor, printSlot, SLOT_COUNT, SLOT_DISTANCE } from '../../../../lib/source/disk/format/cursorSlot.js';

test('D5 the newest undamaged slot of a cursor counts', () => {
  const file = new Uint8Array(SLOT_DISTANCE * SLOT_COUNT);
  expect(parseCursor(crc32, file)).toBeUndefined();
  [5, 9, 7].forEach((generation, slot) =>
    file.set(printSlot(crc32, { generation, acknowledged: slot, synced: 2 ** 40 }), slot * SLOT_DISTANCE),
  );
  expect(parseCursor(crc32, file)).toEqual({ generation: 9, acknowledged: 1, synced: 2 ** 40, slot: 1 });
  file[SLOT_DISTANCE + 12]! ^= 1;
  expect(parseCursor(crc32, file)).toMatchObject({ generation: 7, slot: 2 });
  expect(parseCursor(crc32, file.subarray(0, SLOT_DISTANCE + 20))).toMatchObject({ generation: 5, slot: 0 });
});
