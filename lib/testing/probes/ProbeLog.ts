import type { TestMessage } from '../marbles/TestMessage.js';

/** What a probe has recorded. The values of `missed` are counts. The other values are events. */
export interface ProbeLog {
  readonly name: string;
  readonly began: TestMessage[];
  readonly done: TestMessage[];
  readonly failed: TestMessage[];
  readonly cut: TestMessage[];
  readonly missed: TestMessage[];
}

export const emptyLog = (name: string): ProbeLog => ({ name, began: [], done: [], failed: [], cut: [], missed: [] });
