import { crc32 } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { parseCursor, printSlot, slotCount, slotDistance } from '../../../../lib/source/disk/format/cursorSlot.js';

test('D5 the newest undamaged slot of a cursor counts', () => {
  const file = new Uint8Array(slotDistance * slotCount);
  expect(parseCursor(crc32, file)).toBeUndefined();
  [5, 9, 7].forEach((generation, slot) =>
    file.set(printSlot(crc32, { generation, acknowledged: slot, synced: 2 ** 40 }), slot * slotDistance),
  );
  expect(parseCursor(crc32, file)).toEqual({ generation: 9, acknowledged: 1, synced: 2 ** 40, slot: 1 });
  file[slotDistance + 12]! ^= 1;
  expect(parseCursor(crc32, file)).toMatchObject({ generation: 7, slot: 2 });
  expect(parseCursor(crc32, file.subarray(0, slotDistance + 20))).toMatchObject({ generation: 5, slot: 0 });
});
