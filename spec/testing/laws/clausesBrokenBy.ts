import { expect } from '@jest/globals';
import type { AsyncTestFunction } from '../../../lib/testing/laws/SourceUnderTest.js';

/**
 * The clauses of a contract that are broken by what it is given. `contract` defines its tests with the function it gets. A test
 * fails with an error that has this name.
 */
export const clausesBrokenBy = async (
  contract: (test: AsyncTestFunction) => void,
  errorName = /^LawBrokenError$/,
): Promise<readonly string[]> => {
  const bodies: (readonly [string, () => Promise<void>])[] = [];
  contract((name, body) => bodies.push([name, body]));
  const broken: string[] = [];
  for (const [name, body] of bodies) {
    await body().catch((error: unknown) => {
      expect(error).toMatchObject({ name: expect.stringMatching(errorName) });
      broken.push(name);
    });
  }
  return broken;
};
