import { transform } from 'sucrase';
import type { Failure } from '../Protocol.js';

/** The name of the program in stacks. */
const FILE = 'program.ts';

type Program = (require: (module: string) => unknown, exports: object) => Promise<void>;

/** A program without its types, as a function. Lines stay where they are. Throws what the compiler or the engine says. */
export const compiled = (text: string): Program => {
  const { code } = transform(text, {
    transforms: ['typescript', 'imports'],
    filePath: FILE,
    disableESTransforms: true,
    production: true,
  });
  // The worker is in a frame without an origin and without a network.
  return (0, eval)(`(async (require, exports) => {${code}\n})\n//# sourceURL=${FILE}`) as Program;
};

/** The line of the program that an error is about, or undefined. */
export const lineOf = (error: unknown): number | undefined => {
  const { stack, message, loc } = (error ?? {}) as {
    readonly stack?: unknown;
    readonly message?: unknown;
    readonly loc?: { readonly line?: number };
  };
  if (typeof loc?.line === 'number') return loc.line;
  const inStack = /program\.ts:(\d+)/.exec(String(stack)) ?? /\((\d+):\d+\)$/.exec(String(message));
  return inStack === null ? undefined : Number(inStack[1]);
};

/** What is wrong with a program that cannot be compiled. */
export const syntaxFailure = (error: unknown): Failure => {
  const { name, message } = error as Error;
  const [, text, line, column] = /^Error transforming program\.ts: (.*) \((\d+):(\d+)\)$/s.exec(message) ?? [];
  if (text === undefined) return { text: `${name}: ${message}`, line: lineOf(error) };
  return { text: text.charAt(0).toLowerCase() + text.slice(1), line: Number(line), column: Number(column) };
};

/** The line of the program that is being executed. */
export const lineNow = (): number | undefined => {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const line = lineOf(new Error());
  Error.stackTraceLimit = before;
  return line;
};
