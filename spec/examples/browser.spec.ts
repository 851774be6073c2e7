import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { BehaviorSubject } from 'rxjs';
import { main } from '../../examples/browser/main.js';
import { executable, openChromium } from './chromium.js';

const there = existsSync(executable);
if (!there) console.warn(`spec/examples/browser.spec.ts: no ${executable}, so nothing is tested in a browser`);

// With CI=true it fails instead of being skipped.
(there || process.env['CI'] === 'true' ? test : test.skip)(
  'B5 the page skips prices while its tab is hidden, goes on when it is back, and saves them all',
  async () => {
    const price$ = new BehaviorSubject(1);
    const { context, close } = await openChromium();
    const page = await context.newPage();
    const shown = (selector: string, hasText: string): Promise<void> =>
      page.locator(selector, { hasText: new RegExp(`^${hasText}$`) }).waitFor({ state: 'attached' });
    const texts = (): Promise<readonly string[]> => page.locator('output').allTextContents();

    const problems: string[] = [];
    page.on('pageerror', error => problems.push(error.message));
    const served = main(price$, resolve(__dirname, '../../examples/browser')).subscribe(url => void page.goto(url));
    try {
      await shown('#price', '1');
      price$.next(2);
      await shown('#saved', '2');
      expect(await texts()).toEqual(['2', '2', '0']);

      const other = await context.newPage();
      await page.locator('body.hidden').waitFor({ state: 'attached' });
      price$.next(3);
      price$.next(4);
      await shown('#saved', '4');
      expect(await texts()).toEqual(['2', '4', '2']);
      expect(await page.title()).toBe('4 saved');

      await other.close();
      await page.bringToFront();
      await page.locator('body:not(.hidden)').waitFor({ state: 'attached' });
      price$.next(5);
      await shown('#saved', '5');
      expect(await texts()).toEqual(['5', '5', '2']);
      expect(problems).toEqual([]);
    } finally {
      served.unsubscribe();
      await close();
    }
  },
);
