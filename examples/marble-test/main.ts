// Marble tests of an application in virtual time: a source that is paused, a hidden page, a subscriber from a plugin.
// Look at tests.ts, which has the diagrams. Look at the error of the wrong test, which fails on purpose: it shows two aligned
// diagrams, and where they differ.
import { tests, wrong } from './tests.js';

/** Stands in for a test runner. */
const messageOf = (body: () => void): string | undefined => {
  try {
    body();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

export const main = (print: (line: string) => void): void => {
  for (const [name, body] of Object.entries({ ...tests, 'a wrong diagram, on purpose': wrong })) {
    const message = messageOf(body);
    print(message === undefined ? `passed: ${name}` : `failed: ${name}\n${message}`);
  }
};
