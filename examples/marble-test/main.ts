// Marble tests of an application in virtual time: a source that is paused, a hidden picture, somebody else's subscriber.
// Look at tests.ts, where the pictures are, and at what the wrong one says, which fails on purpose: two aligned pictures, and
// where they part.
import { tests, wrong } from './tests.js';

/** In place of a test runner. */
const messageOf = (body: () => void): string | undefined => {
  try {
    body();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

export const main = (print: (line: string) => void): void => {
  for (const [name, body] of Object.entries({ ...tests, 'a wrong picture, on purpose': wrong })) {
    const message = messageOf(body);
    print(message === undefined ? `passed: ${name}` : `failed: ${name}\n${message}`);
  }
};
