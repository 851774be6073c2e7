/** Returns the stack of a call site. It is formatted only when a test fails. */
export type CallSite = () => string;

/**
 * Records the call site of `entry`.
 *
 * Without V8's `captureStackTrace`, the stack begins with a few frames of this library.
 */
export const callSite = (entry: (...args: never) => unknown): CallSite => {
  const at: { stack?: string } = new Error('call site');
  const { captureStackTrace } = Error as { captureStackTrace?: (target: object, above: unknown) => void };
  captureStackTrace?.(at, entry);
  return () => withoutRun((at.stack ?? '').split('\n').filter(isCall)).join('\n');
};

/** The location of the first call, such as `spec/app.spec.ts:12:5`, in the format of the engine. */
export const placeOf = (calls: string): string =>
  /\(?((?:[\w-]+:\/\/)?[^\s()]+:\d+:\d+)\)?$/m.exec(calls.split('\n')[0] ?? '')?.[1] ?? 'an unknown line';

const isCall = (line: string): boolean => /^\s+at /.test(line) || /@.*:\d+/.test(line);

/**
 * Removes the three frames between a test's callback and its call of `runMarbles`: one of this library, one of RxJS, one of this
 * library.
 *
 * Only the frame of RxJS can be recognised, because source maps change function names, and bundlers change paths.
 */
const withoutRun = (calls: readonly string[]): readonly string[] => {
  const run = calls.findIndex(call => /\bTestScheduler\.run \(|\brun@.*TestScheduler/.test(call));
  return run < 1 ? calls : [...calls.slice(0, run - 1), ...calls.slice(run + 2)];
};
