/**
 * Runs `work` without capturing stack traces. The NATS client captures two of them for each request, in case it fails. They
 * would cost more than the rest of a publish. Errors created after `work` has returned have their traces.
 */
export const withoutStackTraces = <T>(work: () => T): T => {
  const { stackTraceLimit } = Error;
  if (!isWritable()) return work();
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};

/** Engines other than V8 lack `stackTraceLimit`, and a program may have frozen it. */
const isWritable = (): boolean => Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')?.writable === true;
