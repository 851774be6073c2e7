/**
 * Runs `work` without stack traces. A client of NATS takes two of them at each request, for errors that hardly ever come, and
 * they cost more than all the rest of a publish. What is thrown later has its trace.
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

/** Other engines do not have it, and it may be frozen. */
const isWritable = (): boolean => Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')?.writable === true;
