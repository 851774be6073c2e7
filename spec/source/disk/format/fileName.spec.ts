import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  byAge,
  isRecordFile,
  parseFileName,
  printArchivedName,
  printLiveName,
} from '../../../../lib/source/disk/format/fileName.js';

const archivedName = 'datanode-buffer-2023-02-03-04-05-06-1675397106000000007-seqnumspan-1-10.bevt';

describe('D3 names', () => {
  test('D3a D3e printed', () => {
    expect(printLiveName(1, 10)).toBe('datanode-buffer-1-10.bevt');
    expect(printArchivedName(1_675_397_106_000_000_007n, 1, 10)).toBe(archivedName);
  });

  test.each([
    ['datanode-buffer-1-10.bevt', { kind: 'live', from: 1n, to: 10n, gzipped: false }],
    ['datanode-buffer-0-0.bevt', { kind: 'live', from: 0n, to: 0n, gzipped: false }],
    ['datanode-buffer-1-10.bevt.gz', { kind: 'live', from: 1n, to: 10n, gzipped: true }],
    [
      'datanode-buffer-10000001-18446744073709551615.bevt',
      { kind: 'live', from: 10_000_001n, to: 2n ** 64n - 1n, gzipped: false },
    ],
    [archivedName, { kind: 'archived', time: 1_675_397_106_000_000_007n, from: 1n, to: 10n, gzipped: false }],
    [`${archivedName}.gz`, { kind: 'archived', time: 1_675_397_106_000_000_007n, from: 1n, to: 10n, gzipped: true }],
  ])('good: %s', (name, parsed) => expect(parseFileName(name)).toEqual(parsed));

  test.each([
    '',
    'system_tests.evt.gz',
    'datanode-buffer-1-10',
    'datanode-buffer-1-10.bevt.',
    'datanode-buffer-1-10.bevt.gz.tmp',
    'datanode-buffer-1-10.bevt.bak',
    'a datanode-buffer-1-10.bevt',
    'datanode-buffer-1.bevt',
    'datanode-buffer--10.bevt',
    'datanode-buffer-10-1.bevt',
    'datanode-buffer-01-10.bevt',
    'datanode-buffer-1-1e3.bevt',
    'datanode-buffer-1-184467440737095516159.bevt',
    'Datanode-buffer-1-10.bevt',
    'datanode-buffer-1-10.bevt\n',
    archivedName.replace('2023-', '23-'),
    archivedName.replace('-1675397106000000007', ''),
    archivedName.replace('1-10', '10-1'),
    archivedName.replace('seqnumspan', 'seqspan'),
  ])('bad: %j', name => expect(parseFileName(name)).toEqual({ kind: 'other' }));

  test('what is printed is parsed', () => {
    const numbers = fc.tuple(fc.bigInt(0n, 2n ** 63n), fc.bigInt(0n, 2n ** 62n)).map(([a, b]) => [a, a + b] as const);
    fc.assert(
      fc.property(numbers, fc.bigInt(0n, 2n ** 63n), ([from, to], time) => {
        expect(parseFileName(printLiveName(from, to))).toEqual({ kind: 'live', from, to, gzipped: false });
        const name = printArchivedName(time, from, to);
        expect(parseFileName(name)).toEqual({ kind: 'archived', time, from, to, gzipped: false });
      }),
    );
  });
});

describe('R2a files in age order', () => {
  const archived = (time: bigint, from: number, to: number) => printArchivedName(time, from, to);

  test.each([
    [
      'R2c live ones by number, which is not padded',
      [printLiveName(9, 9), printLiveName(10, 10), printLiveName(100, 200)],
    ],
    ['archived ones by time', [archived(5n, 900, 901), archived(7n, 1, 2), archived(2n ** 62n, 0, 1)]],
    ['R2b archived ones of one time by span', [archived(5n, 9, 10), archived(5n, 11, 12), archived(5n, 100, 200)]],
    ['R2b R2c archived ones before live ones', [archived(2n ** 62n, 1000, 2000), printLiveName(1, 5)]],
    ['the gzipped like the others', [`${archived(1n, 1, 2)}.gz`, archived(2n, 3, 4), `${archived(3n, 5, 6)}.gz`]],
    ['others by name', ['B.evt', 'a-10.evt', 'a-9.evt', 'b.evt']],
  ])('%s', (_, names) => {
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: names.length }), shuffled => {
        expect(shuffled.sort(byAge)).toEqual(names);
      }),
    );
  });
});

describe('R2f files that are not records', () => {
  test.each(['.hidden', '.', '..', 'LOCK', 'lock', 'buffer.lock', '.lock'])('%s', name => {
    expect(isRecordFile(name)).toBe(false);
  });

  test.each(['a', 'a.evt', 'locks.evt', 'padlock', 'a.gz'])('but %s is', name => {
    expect(isRecordFile(name)).toBe(true);
  });
});
