/** The stack at the place where it was taken; read only when a test fails. */
export type CallSite = () => string;

/**
 * Records the line of the caller of `entry`.
 *
 * Without V8's `captureStackTrace` the stack begins with a few frames of this library.
 */
export const callSite = (entry: (...args: never) => unknown): CallSite => {
  const at: { stack?: string } = new Error('call site');
  const { captureStackTrace } = Error as { captureStackTrace?: (target: object, above: unknown) => void };
  captureStackTrace?.(at, entry);
  return () => withoutRun((at.stack ?? '').split('\n').filter(isCall)).join('\n');
};

/** The place of the first call, such as `spec/app.spec.ts:12:5`, as the engine writes it. */
export const placeOf = (calls: string): string =>
  /\(?((?:[\w-]+:\/\/)?[^\s()]+:\d+:\d+)\)?$/m.exec(calls.split('\n')[0] ?? '')?.[1] ?? 'an unknown line';

const isCall = (line: string): boolean => /^\s+at /.test(line) || /@.*:\d+/.test(line);

/**
 * Removes the three calls between a test's callback and its call of `runMarbles`: this library's, RxJS's, this library's.
 *
 * Only RxJS's call can be recognised: function names do not survive source maps, and paths do not survive bundlers.
 */
const withoutRun = (calls: readonly string[]): readonly string[] => {
  const run = calls.findIndex(call => /\bTestScheduler\.run \(|\brun@.*TestScheduler/.test(call));
  return run < 1 ? calls : [...calls.slice(0, run - 1), ...calls.slice(run + 2)];
};
