import type { RunHelpers } from 'rxjs/testing';

/** What a marble test gets: RxJS's own helpers, and ours for backpressure. */
export type MarbleHelpers = RunHelpers;
