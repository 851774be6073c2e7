import { expect, test } from '@jest/globals';
import { text, writtenPages } from './writtenPages.js';

// The search of the site looks for words of its pages; `npm --prefix docs run check` types these into it.
test.each(['retry', 'AbortSignal', 'dead letter'])('a page of the docs has "%s"', words => {
  const found = writtenPages.filter(page => page.startsWith('docs/') && text(page).includes(words));
  expect(found).not.toEqual([]);
});
