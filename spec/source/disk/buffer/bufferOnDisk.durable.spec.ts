import { describe, expect, jest, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BehaviorSubject, EMPTY, NEVER, Observable, VirtualTimeScheduler } from 'rxjs';
import { settledBy, type Pausable, type Settlement } from 'rx-event-broker';
import { bufferOnDisk } from 'rx-event-broker/node';
import { SettledCount } from '../../../../lib/flow/settlement/SettledCount.js';
import type { BufferOnDiskOptions, Sync } from '../../../../lib/source/disk/buffer/bufferOptions.js';
import { folderOf } from '../folder.js';
import { bytesOf } from '../records.js';
import { settled, watch } from '../watch.js';
import { bufferRun, drained, open } from './bufferRun.js';
import { FaultyFiles, type FaultAt } from './FaultyFiles.js';
import { textsOf } from './runBuffer.js';

// hundreds of runs, on a machine that may be busy
jest.setTimeout(120_000);

const texts = textsOf(20);

/** What a source is told, in order: numbers that are settled, then how it ended. */
type Told = number | 'ended' | 'left';

/** Emits the texts three at a time, and notes what it is told. */
const noting = (told: Told[], scheduler: VirtualTimeScheduler): Pausable<Uint8Array> => {
  return (_, settlement) =>
    new Observable(subscriber => {
      // whoever is asked first is told first: this is before `settledBy`
      subscriber.add(settlement.settled$.subscribe({ complete: () => told.push('ended') }));
      const given = settledBy<number>(subscriber, settlement, number => told.push(number));
      subscriber.add(() => told.push('left'));
      const emit = async () => {
        for (let at = 0; at < texts.length && !subscriber.closed; at++) {
          given(at + 1, () => subscriber.next(bytesOf(texts[at]!)));
          if (at % 3 < 2) continue;
          for (let turn = 0; turn < 60; turn++) await Promise.resolve();
          scheduler.flush();
        }
      };
      void emit();
    });
};

/** In blocks of four; the first message of a block begins it. */
const acknowledge = {
  blockOf: (message: Uint8Array) => {
    const number = Number(Buffer.from(message).toString().slice('message '.length));
    return { block: `${Math.floor((number - 1) / 4)}`, begins: number % 4 === 1 };
  },
  done$: NEVER,
};

/** Runs a buffer whose consumer is paused, so all that is durable is left; what its source was told. */
const runNoting = async (sync: Sync, fault?: FaultAt) => {
  const files = new FaultyFiles(fault);
  const told: Told[] = [];
  const scheduler = new VirtualTimeScheduler();
  const options: Partial<BufferOnDiskOptions> = { sync, scheduler, ...(sync === 'onBlock' && { acknowledge }) };
  const run = bufferRun(files, noting(told, scheduler), options, undefined, new BehaviorSubject(true));
  await drained();
  const settledTo = Math.max(0, ...told.filter(one => typeof one === 'number'));
  return { files, told, settledTo, run, steps: files.steps.length };
};

/** What a restart gives. */
const restart = async (files: FaultyFiles): Promise<readonly string[]> => {
  const run = bufferRun(files, EMPTY);
  await drained();
  return run.end === 'complete' ? run.given : [String(run.end)];
};

/** Each way to sync; what may be lost although it was settled: nothing of what is synced, or of what is written. */
const ways = [
  ['always', 'all', 20],
  [{ everyMs: 5 }, 'all', 18],
  ['onBlock', 'all', 16],
  ['never', 'nothing', 20],
] as const;

describe.each<readonly [Sync, 'all' | 'nothing', number]>(ways)(
  'K4g what the source was told is settled, with sync %j',
  (sync, loss, most) => {
    test('is reported while it runs', async () => {
      expect((await runNoting(sync)).settledTo).toBeGreaterThanOrEqual(most);
    });

    test('survives a crash at every step', async () => {
      const { steps } = await runNoting(sync);
      let promised = 0;
      for (let step = 0; step < steps; step++) {
        const { files, settledTo } = await runNoting(sync, { kind: 'crash', step });
        const given = await restart(files.after(loss));
        expect(given).toEqual(texts.slice(0, given.length));
        expect(given.length).toBeGreaterThanOrEqual(settledTo);
        promised += settledTo;
      }
      expect(promised).toBeGreaterThan(steps);
    });

    test('a full or faulty disk: the count ends before the source is left, and nothing is reported after it', async () => {
      const { steps } = await runNoting(sync);
      let failed = 0;
      for (let step = 0; step < steps; step++) {
        const code = step % 2 === 0 ? 'EIO' : 'ENOSPC';
        const { files, told, settledTo, run } = await runNoting(sync, { kind: 'error', code, step, cut: 3 });
        if (!(run.end instanceof Error)) continue;
        if (told.length > 0) {
          failed++;
          expect(told.slice(-2)).toEqual(['ended', 'left']);
        }
        expect((await restart(files.after(loss))).length).toBeGreaterThanOrEqual(settledTo);
      }
      expect(failed).toBeGreaterThan(10);
    });
  },
);

describe('the cursor', () => {
  const settling = (fault?: FaultAt) => {
    const files = new FaultyFiles(fault);
    const count = new SettledCount({ received: 0, settled: 0 }, () => {});
    const take = () => {
      count.received++;
    };
    const start = (source = open(textsOf(9))) => bufferRun(files, source, {}, take, undefined, count);
    return { files, count, start };
  };

  test('D5k after an unsubscribe, the cursor with the settled messages is on the disk before the folder is released', async () => {
    const { files, count, start } = settling();
    const { subscription } = start();
    await drained();
    count.settle(4);
    subscription.unsubscribe();
    count.settle(9);
    await drained();
    expect(files.isLocked).toBe(false);
    expect(await restart(files.after('all'))).toEqual(textsOf(5, 5));
  });

  test('D5k K3 an error of the disk is immediate, also while the end waits for the last settlement', async () => {
    const source = new Observable<Uint8Array>(subscriber => {
      for (const text of textsOf(9)) subscriber.next(bytesOf(text));
      subscriber.complete();
    });
    const first = settling();
    first.start(source);
    await drained();
    const { count, start } = settling({ kind: 'error', code: 'ENOSPC', step: first.files.steps.length, cut: 0 });
    const run = start(source);
    await drained();
    expect([run.given.length, run.end]).toEqual([9, 'running']);
    count.settle(3);
    expect(run.end).toMatchObject({ name: 'BufferFileError' });
  });
});

test('K4 D2 with eventsPerFile: 0 pause$ and the settlement go to the source, and no folder is made', async () => {
  const directory = join(folderOf(), 'none');
  const given: unknown[] = [];
  const source: Pausable<Uint8Array> = (...all) => {
    given.push(...all);
    return EMPTY;
  };
  const pause$ = NEVER;
  const settlement: Settlement = new SettledCount({ received: 0, settled: 0 }, () => {});
  const { end } = watch(bufferOnDisk(source, { directory, eventsPerFile: 0 })(pause$, settlement));
  await settled();
  expect([end, given[0] === pause$, given[1] === settlement, existsSync(directory)]).toEqual([
    'complete',
    true,
    true,
    false,
  ]);
});
