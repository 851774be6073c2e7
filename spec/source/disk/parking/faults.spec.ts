import { describe, expect, test } from '@jest/globals';
import { parkedCodec } from '../../../../lib/flow/parking/parkedCodec.js';
import { withFileErrors } from '../../../../lib/source/disk/buffer/fileSystem/withFileErrors.js';
import { FileParkingStore } from '../../../../lib/source/disk/parking/FileParkingStore.js';
import { FaultyFiles, type FaultAt, type Torn } from '../buffer/FaultyFiles.js';
import type { Loss } from '../buffer/Inode.js';

const who = { subscriber: 's', key: 'k', most: 100 };
const open = (files: FaultyFiles): FileParkingStore<string> =>
  new FileParkingStore<string>(withFileErrors(files), '/parking', parkedCodec<string>({}), 100_000, 1000);

/** What a run was told: parked for sure, removed for sure, and asked for without an answer. */
interface Told {
  readonly parked: Set<string>;
  readonly removed: Set<string>;
  readonly asked: Set<string>;
  failures: number;
}

/** One that is large, so that the file is written anew after it was removed. */
const LARGE = 'x'.repeat(600);

/** Runs until all is done, or the process has died: then nothing is answered any more. */
const run = async (store: FileParkingStore<string>, files: FaultyFiles): Promise<Told> => {
  const told: Told = { parked: new Set(), removed: new Set(), asked: new Set(), failures: 0 };
  let isDone = false;
  void steps(store, told).then(() => (isDone = true));
  while (!isDone && !files.isDead) await new Promise(resolve => setImmediate(resolve));
  return told;
};

const steps = async (store: FileParkingStore<string>, told: Told): Promise<void> => {
  const attempt = async (step: () => unknown): Promise<void> => {
    try {
      await step();
    } catch {
      told.failures++;
    }
  };
  const park = (event: string) =>
    attempt(async () => {
      told.asked.add(event);
      await store.add([event], 'no', who);
      told.parked.add(event);
    });
  const remove = (event: string) =>
    attempt(async () => {
      const entry = (await store.read(undefined, 100)).find(one => one.event === event);
      if (entry === undefined) return;
      told.parked.delete(event);
      await store.remove([entry.id]);
      told.removed.add(event);
    });
  await park('a');
  await park(`1${LARGE}`);
  await park(`2${LARGE}`);
  await Promise.all([park('b'), park('c')]);
  await remove(`1${LARGE}`);
  await remove(`2${LARGE}`);
  await attempt(async () => {
    told.asked.add('d');
    if (await store.addBehind(['d'], who)) told.parked.add('d');
  });
  await remove('a');
  await park('e');
};

const check = async (store: FileParkingStore<string>, told: Told, what: string): Promise<void> => {
  const found = (await store.read(undefined, 100)).map(({ event }) => event);
  const short = (events: Iterable<string>): string[] => Array.from(events, event => event.slice(0, 1));
  const lost = short([...told.parked].filter(event => !found.includes(event)));
  const back = short(found.filter(event => told.removed.has(event)));
  const invented = short(found.filter(event => !told.asked.has(event)));
  const twice = short(found.filter((event, i) => found.indexOf(event) !== i));
  expect({ what, lost, back, invented, twice }).toEqual({ what, lost: [], back: [], invented: [], twice: [] });
};

describe('every step of the disk', () => {
  let count = 0;
  test('B22k without a fault everything is as reported', async () => {
    const files = new FaultyFiles();
    const store = open(files);
    const told = await run(store, files);
    count = files.steps.length;
    expect([told.failures, [...told.parked].sort(), told.removed.size]).toEqual([0, ['b', 'c', 'd', 'e'], 3]);
    await check(store, told, 'running');
    await store.close();
    expect(files.openHandles).toBe(0);
    await check(open(files.after('all')), told, 'after');
  });

  const LOSSES: readonly Loss[] = [
    'nothing',
    'all',
    'names',
    'all but removals',
    'bytes',
    'odd',
    'even',
    'zeros',
    'garbage',
  ];
  test.each(LOSSES)(
    'B22k a crash at each, which loses %s: what was parked is there, what was removed is not',
    async loss => {
      expect(count).toBeGreaterThan(20);
      for (let step = 0; step < count; step++) {
        const fault: FaultAt = { kind: 'crash', step };
        const files = new FaultyFiles(fault);
        const told = await run(open(files), files);
        const cuts = [0, 1, Math.floor(files.dyingBytes / 2), files.dyingBytes];
        const torn = cuts.flatMap(cut =>
          (['nothing', 'zeros', 'garbage'] as const).map((rest): Torn => ({ cut, rest })),
        );
        for (const each of files.dyingBytes > 0 ? torn : torn.slice(0, 1)) {
          const store = open(files.after(loss, each));
          await check(store, told, `${step} ${JSON.stringify(each)}`);
          await store.add(['z'], 'no', who);
        }
      }
    },
  );

  test.each(['EIO', 'ENOSPC'] as const)(
    'B22k %s at each: that call rejects, and the ones after it go on',
    async code => {
      for (let step = 0; step < count; step++) {
        for (const cut of [0, 10]) {
          const files = new FaultyFiles({ kind: 'error', code, cut, step });
          const store = open(files);
          const told = await run(store, files);
          const what = `${step} ${cut}`;
          expect([what, told.failures <= 2]).toEqual([what, true]);
          await check(store, told, what);
          await store.add(['z'], 'no', who);
          told.parked.add('z');
          told.asked.add('z');
          await check(open(files.after('all')), told, `${what} after`);
        }
      }
    },
  );
});

describe('B22k the journal is rewritten when it has doubled, whatever its content', () => {
  const written = async (events: number): Promise<number> => {
    const files = new FaultyFiles();
    const store = open(files);
    for (let n = 0; n < events; n++) {
      await store.add([String(n)], 'e'.repeat(200), { ...who, most: events });
    }
    await store.close();
    return files.steps.reduce((sum, bytes) => sum + bytes, 0);
  };

  test('the bytes that are written grow with the events, even if the errors are larger than the events', async () => {
    const [few, many] = [await written(100), await written(400)];
    expect(many / few).toBeLessThan(8);
  });

  test('removed events are dropped from the file, which stays small', async () => {
    const files = new FaultyFiles();
    const store = open(files);
    for (let n = 1; n <= 200; n++) {
      await store.add([String(n)], 'no', who);
      await store.remove([String(n)]);
    }
    await store.close();
    const journal = await files.open('/parking/parked', 'update');
    expect(await journal.size()).toBeLessThan(2000);
    await journal.close();
  });
});
