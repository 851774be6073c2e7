import { callSite } from './callSite.js';
import type { Expectation } from './Expectations.js';
import { explainDifference } from './explainDifference.js';
import { firstDifference } from './firstDifference.js';
import type { MarbleRun } from './MarbleRun.js';
import { nextAt, type TestMessage } from './TestMessage.js';
import { parseRow, valueOf, withLevels, type Values } from './parseRow.js';

/** Expects how a value changes in virtual time. Each change is a marble, and the first value is at 0. */
export type ExpectValue = (read: () => unknown) => {
  /** Takes the expected diagram. Digits are numbers, and `t` and `f` are booleans, unless `values` redefines them. */
  readonly toBe: (marbles: string, values?: Values) => void;
};

/** Reads a value after every step. The last value of an instant counts. A first `undefined` is ignored. */
export const expectValueIn = (run: MarbleRun): ExpectValue => {
  const expectValue: ExpectValue = read => {
    const expectation: Expectation = run.expectations.add({ helper: 'expectValue', calls: callSite(expectValue) });
    const actual = changesOf(run, read);
    return {
      toBe: (marbles, values) => {
        const row = parseRow(marbles, valueOf(withLevels(values)));
        expectation.check = () => explainDifference([{ label: '', actual: actual(), ...row }], withLevels(values));
      },
    };
  };
  return expectValue;
};

/** Records the changes of `read` from now on. */
export const changesOf = (run: MarbleRun, read: () => unknown): (() => readonly TestMessage[]) => {
  let changes: readonly TestMessage[] = [];
  const same = (message: TestMessage | undefined, value: unknown): boolean =>
    message?.notification.kind === 'N' && firstDifference(message.notification.value, value) === undefined;
  const look = (): void => {
    const { frame } = run.scheduler;
    const value = read();
    const before = changes.filter(change => change.frame < frame);
    const last = before.at(-1);
    changes =
      same(last, value) || (last === undefined && value === undefined) ? before : [...before, nextAt(frame, value)];
  };
  look();
  run.afterEachStep(look);
  return () => changes;
};
