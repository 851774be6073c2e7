import '../flow/invariants.js';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inspect, type InspectRecord } from 'rx-event-broker/inspect';
import { Run } from '../model/Run.js';
import { differs } from '../model/differs.js';
import { steps } from '../model/steps.js';
import { Ledger } from './Ledger.js';

const IS_WHOLE = process.env['MUTATE'] === undefined;

const tallyOf = ([offered, delivered, failed, dropped, skipped, pending]: readonly number[]): object => ({
  ...{ offered, delivered, failed, dropped, skipped, pending },
});

describe('records agree with the tallies of the broker', () => {
  test.each([
    ['all the time', false, IS_WHOLE ? 200 : 20],
    ['anew for each step', true, IS_WHOLE ? 60 : 10],
  ])('Y1b Y1c whatever happens, they say the same, inspected %s', (_, isAnew, runs) => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(steps(30, 60), all => {
        const run = new Run(all[0]);
        const ledger = new Ledger();
        const records: InspectRecord[] = [];
        const begin = (): (() => void) =>
          inspect(
            run.real.broker,
            record => {
              kinds.set(record.kind, (kinds.get(record.kind) ?? 0) + 1);
              records.push(record);
            },
            { capacity: 100_000 },
          );
        const rows = (): void => {
          for (const record of records.splice(0)) ledger.add(record);
          const { rows: all, notices } = run.real.look();
          for (const { key, tally } of all) expect([key, ledger.tallies.get(key)]).toEqual([key, tallyOf(tally)]);
          for (const [key, texts] of Object.entries(notices)) {
            const closed = texts.find(text => text.startsWith('Closed'));
            const final = closed?.split(' ').slice(1, 7).map(Number);
            if (final !== undefined) expect([key, ledger.tallies.get(Number(key))]).toEqual([key, tallyOf(final)]);
          }
        };
        let stop = begin();
        for (const step of all) {
          const { expected, actual } = run.step(step);
          // it changes nothing
          if (differs(expected, actual)) expect(actual).toEqual(expected);
          if (!isAnew) continue;
          stop();
          rows();
          stop = begin();
        }
        stop();
        rows();
      }),
      { numRuns: runs, seed: 11 },
    );
    for (const kind of ['offered', 'skipped', 'began', 'retrying', 'ended', 'failed', 'dropped', 'superseded'])
      expect([kind, kinds.get(kind)! > runs / 10]).toEqual([kind, true]);
    for (const kind of ['held', 'released', 'saturated', 'cleared', 'paused', 'resumed', 'closed'])
      expect([kind, kinds.has(kind)]).toEqual([kind, true]);
  });
});
