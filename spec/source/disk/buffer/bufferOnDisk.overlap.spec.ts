import { describe, expect, test } from '@jest/globals';
import { BehaviorSubject, Observable, Subject } from 'rxjs';
import type { FileSystem } from '../../../../lib/source/disk/buffer/fileSystem/FileSystem.js';
import { bufferRun, drained } from './bufferRun.js';
import { FaultyFiles } from './FaultyFiles.js';

/** A batch by itself: 64,012 bytes on the disk. */
const message = (number: number): Uint8Array => new Uint8Array(64_000).fill(48 + (number % 10), 0, 1);
const recordBytes = 64_012;

/** A disk that tells of each read and write of records, and lets it wait. */
const watched = (disk: FileSystem, before: (what: 'read' | 'write') => Promise<void>): FileSystem => ({
  makeDirectory: path => disk.makeDirectory(path),
  lock: path => disk.lock(path),
  list: path => disk.list(path),
  rename: (from, to) => disk.rename(from, to),
  remove: path => disk.remove(path),
  syncDirectory: path => disk.syncDirectory(path),
  async open(path, mode) {
    const file = await disk.open(path, mode);
    if (!path.endsWith('.bevt')) return file;
    return {
      ...file,
      read: (into, at) => before('read').then(() => file.read(into, at)),
      write: (from, at) => before('write').then(() => file.write(from, at)),
    };
  },
});

const options = { eventsPerFile: 1000, writeBufferBytes: 256 * 1024 };

describe('D1 the disk and its source at the same time', () => {
  test('a write takes half of the write buffer, and the end of a batch', async () => {
    const files = new FaultyFiles();
    const source = new Subject<Uint8Array>();
    const { subscription } = bufferRun(files, source, options);
    await drained();
    for (let at = 1; at <= 12; at++) source.next(message(at));
    await drained();
    // two batches are less than 128 KiB, three are more; the last one was not full yet when the others were
    const records = files.steps.filter(bytes => bytes >= recordBytes);
    expect(records.map(bytes => bytes / recordBytes)).toEqual([3, 3, 3, 2, 1]);
    subscription.unsubscribe();
    await drained();
  });

  test('D1a the source is resumed while the next write is in flight, whose messages are not emitted yet', async () => {
    const levels: boolean[] = [];
    let taken = 0;
    const source = (pause$: Observable<boolean>) =>
      new Observable<Uint8Array>(subscriber => {
        const run = (isPaused: boolean) => {
          levels.push(isPaused);
          while (levels.at(-1) === false && taken < 6) subscriber.next(message(++taken));
        };
        subscriber.add(pause$.subscribe(run));
      });
    let writes = 0;
    let release = () => {};
    const held = new Promise<void>(resolve => (release = resolve));
    const disk = watched(new FaultyFiles(), what => (what === 'write' && ++writes === 2 ? held : Promise.resolve()));
    const run = bufferRun(disk, source, options);
    await drained();
    // 5 records are more than 256 KiB; the first write has 3 of them, and 2 are less than its half
    expect([levels, taken, writes, run.given.length]).toEqual([[false, true, false], 6, 2, 3]);
    release();
    await drained();
    expect(run.given).toHaveLength(6);
    run.subscription.unsubscribe();
    await drained();
  });

  test('D1e D1f the next read is under way while its consumer is at the first record of the one before', async () => {
    const source = new Subject<Uint8Array>();
    const pause$ = new BehaviorSubject(true);
    let reads = 0;
    const disk = watched(new FaultyFiles(), what => {
      if (what === 'read') reads++;
      return Promise.resolve();
    });
    const run = bufferRun(disk, source, { eventsPerFile: 1000 }, () => pause$.next(true), pause$);
    await drained();
    // a read takes 1 MiB
    for (let at = 1; at <= 50; at++) source.next(message(at));
    await drained();
    reads = 0;
    pause$.next(false);
    await drained();
    expect([run.given.length, reads]).toEqual([1, 2]);
    run.subscription.unsubscribe();
    await drained();
  });
});

test('D1c Full comes once each time maxBufferedBytes is exceeded after half of it was left', async () => {
  const levels: boolean[] = [];
  const source$ = new Subject<Uint8Array>();
  const source = (level$: Observable<boolean>) =>
    new Observable<Uint8Array>(subscriber => {
      subscriber.add(level$.subscribe(level => levels.push(level)));
      subscriber.add(source$.subscribe(subscriber));
    });
  const pause$ = new BehaviorSubject(true);
  let upTo = 1;
  const next = (_: string, { given }: { readonly given: readonly string[] }) => {
    if (given.length >= upTo) pause$.next(true);
  };
  const most = { eventsPerFile: 1000, maxBufferedBytes: 2_400_000 };
  const run = bufferRun(new FaultyFiles(), source, most, next, pause$);
  const full = () => run.notices.filter(({ type }) => type === 'Full').length;
  await drained();
  const emit = async (count: number) => {
    for (let at = 1; at <= count; at++) source$.next(message(at));
    await drained();
  };
  await emit(37);
  expect([full(), levels.at(-1)]).toEqual([0, false]);
  await emit(3);
  expect([full(), levels.at(-1)]).toEqual([1, true]);
  // a source that does not obey
  await emit(1);
  expect(full()).toBe(1);
  // 17 are read at once, and 24 are more than half of the bound
  pause$.next(false);
  await drained();
  expect([run.given.length, full(), levels.at(-1)]).toEqual([1, 1, true]);
  upTo = 18;
  pause$.next(false);
  await drained();
  expect([run.given.length, full(), levels.at(-1)]).toEqual([18, 1, false]);
  await emit(37);
  expect([full(), levels.at(-1)]).toEqual([2, true]);
  run.subscription.unsubscribe();
  await drained();
});
