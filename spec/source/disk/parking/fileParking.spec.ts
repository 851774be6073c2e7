import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  fileParking,
  type FileParking,
  type FileParkingOptions,
} from '../../../../lib/source/disk/parking/fileParking.js';
import { parkingContract } from '../../../../lib/testing/parkingContract.js';
import type { ParkedTestEvent, ParkingUnderTest } from '../../../../lib/testing/ParkingUnderTest.js';
import { settledSourceContract } from 'rx-event-broker/testing';
import { folderOf } from '../folder.js';

const opened: FileParking<never>[] = [];
const open = <E = number>(folder: string, options: FileParkingOptions<E> = {}): FileParking<E> => {
  const parking = fileParking<E>(folder, options);
  opened.push(parking as unknown as FileParking<never>);
  return parking;
};
afterEach(() => Promise.allSettled(opened.splice(0).map(parking => parking.close())));

const underTest = (folder: string): ParkingUnderTest => {
  const parking = open<ParkedTestEvent>(folder);
  return {
    parking,
    close: () => parking.close(),
    reopen: async () => {
      await parking.close();
      return underTest(folder);
    },
  };
};

describe('the contract', () => parkingContract({ test, open: async () => underTest(folderOf()) }));

describe('K1 K2 K3 B22i the contract of a source that settles, by its replay', () => {
  settledSourceContract({
    test,
    factory: async values => {
      const parking = open<string>(folderOf());
      await parking.park(values, 'no', { subscriber: 'all', key: 'k', most: 10 });
      return {
        source: parking.replay(),
        left: async () => (await parking.list()).map(({ event }) => event),
      };
    },
    supports: { values: ['a', 'b', 'c', 'd', 'e'] },
  });
});

const who = { subscriber: 's', key: 'k', most: 1000 };
const events = async (parking: FileParking<number>): Promise<readonly number[]> =>
  (await parking.list({ limit: 1000 })).map(({ event }) => event);

test('B22k a second process finds the folder in use; after close it is free', async () => {
  const folder = folderOf();
  const first = open(folder);
  await first.park([1], 'no', who);
  const second = open(folder);
  await expect(second.list()).rejects.toMatchObject({ name: 'DirectoryInUseError' });
  await expect(second.park([2], 'no', who)).rejects.toMatchObject({ name: 'DirectoryInUseError' });
  await first.close();
  expect(await events(second)).toEqual([1]);
});

test('B22k close waits for pending operations; await using closes', async () => {
  const folder = folderOf();
  const parking = open(folder);
  void parking.park([1], 'no', who);
  await parking[Symbol.asyncDispose]();
  expect(existsSync(join(folder, '.lock'))).toBe(false);
  expect(await events(open(folder))).toEqual([1]);
});

/** The file of a folder in which 1 to 3 are parked and 2 was discarded. */
const parked = async (): Promise<{ folder: string; file: string }> => {
  const folder = folderOf();
  const parking = open(folder);
  for (const n of [1, 2, 3]) await parking.park([n], 'no', who);
  await parking.discard(['2']);
  await parking.close();
  return { folder, file: join(folder, 'parked') };
};

test('B22k each byte of the file is covered: a changed one is a clear error, and the file stays as it is', async () => {
  const { folder, file } = await parked();
  const sound = readFileSync(file);
  for (let at = 0; at < sound.length; at++) {
    const damaged = Uint8Array.from(sound);
    damaged[at]! ^= 0x40;
    writeFileSync(file, damaged);
    const parking = open(folder);
    await expect(parking.list()).rejects.toMatchObject({ name: 'BufferFileError', file, found: 'a damaged line' });
    expect(readFileSync(file).equals(damaged)).toBe(true);
  }
  writeFileSync(file, sound);
  expect(await events(open(folder))).toEqual([1, 3]);
}, 60_000);

test('B22k a file that was cut off is a clear error', async () => {
  const { folder, file } = await parked();
  const sound = readFileSync(file);
  for (const length of [0, 5, 40, sound.length - 1]) {
    writeFileSync(file, sound.subarray(0, length));
    await expect(open(folder).list()).rejects.toMatchObject({ name: 'BufferFileError', file });
  }
});

test('B22k a file without its cursor, and a cursor without its file, are clear errors', async () => {
  const { folder, file } = await parked();
  const cursor = readFileSync(join(folder, '.cursor'));
  const lone = folderOf({ parked: readFileSync(file) });
  await expect(open(lone).list()).rejects.toMatchObject({ name: 'BufferFileError', expected: 'a cursor' });
  await expect(open(folderOf({ '.cursor': cursor })).list()).rejects.toMatchObject({
    name: 'BufferFileError',
    expected: 'lines up to 5',
    found: 'no file',
  });
  expect(await events(open(folder))).toEqual([1, 3]);
});

test('B22k the rest of a write that a crash interrupted is removed, and the next event takes its place', async () => {
  const { folder, file } = await parked();
  const sound = readFileSync(file);
  for (const rest of [Uint8Array.of(0), new Uint8Array(100), sound.subarray(0, 30), sound]) {
    writeFileSync(file, Buffer.concat([sound, rest]));
    const parking = open(folder);
    expect(await events(parking)).toEqual([1, 3]);
    await parking.close();
    expect(readFileSync(file).equals(sound)).toBe(true);
  }
  const parking = open(folder);
  await parking.park([4], 'no', who);
  await parking.close();
  expect(await events(open(folder))).toEqual([1, 3, 4]);
});

test('B22k removed events do not make the file grow', async () => {
  const folder = folderOf();
  const parking = open<string>(folder);
  const event = 'x'.repeat(100_000);
  for (let n = 0; n < 40; n++) {
    await parking.park([event], 'no', who);
    await parking.discard([String(n + 1)]);
  }
  await parking.park(['kept'], 'no', who);
  await parking.close();
  expect(readFileSync(join(folder, 'parked')).length).toBeLessThan(1_500_000);
  const again = open<string>(folder);
  expect((await again.list()).map(({ id, event: kept }) => [id, kept])).toEqual([['41', 'kept']]);
});

test('B22f mostBytes: bytes of the text, and none of the events is stored', async () => {
  const parking = open<string>(folderOf(), { mostBytes: 12, encode: text => text, decode: text => text });
  await parking.park(['äöü'], 'no', who);
  await expect(parking.park(['abc', 'defg'], 'no', who)).rejects.toMatchObject({
    name: 'ParkingFullError',
    bound: 'mostBytes',
    limit: 12,
  });
  await parking.park(['abcdef'], 'no', who);
  expect((await parking.list()).map(({ event }) => event)).toEqual(['äöü', 'abcdef']);
});

test('B22q an encode that throws or returns no text rejects; an error of decode names the event', async () => {
  const circular: unknown[] = [];
  circular.push(circular);
  const parking = open<unknown>(folderOf());
  await expect(parking.park([circular], 'no', who)).rejects.toThrow('circular');
  await expect(parking.park([() => 1], 'no', who)).rejects.toThrow('encode: expected a function that returns a string');
  const late = open(folderOf(), { encode: (() => Promise.reject(new Error('late'))) as never });
  await expect(late.park([1], 'no', who)).rejects.toThrow('encode: expected a function that returns a string');
  const folder = folderOf();
  const broken = open(folder, {
    decode: (): number => {
      throw new Error('what?');
    },
  });
  await broken.park([1], 'no', who);
  await expect(broken.list()).rejects.toMatchObject({ name: 'ParkedEventError', id: '1' });
  expect(await broken.discard(['1'])).toBe(1);
  expect(await broken.list()).toEqual([]);
});

test.each([
  [() => fileParking(''), 'directory: expected a path'],
  [() => fileParking('x', { mostBytes: 0 }), 'mostBytes: expected a whole number, 1 or more'],
  [() => fileParking('x', { encode: 1 as never }), 'encode: expected a function'],
  [() => fileParking('x', { mostByte: 1 } as never), 'mostByte: expected mostBytes'],
])('B22k invalid options %#', (call, message) => {
  expect(call).toThrow(message);
});
