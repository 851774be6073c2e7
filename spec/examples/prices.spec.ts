import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { filter, firstValueFrom, take, toArray } from 'rxjs';
import { ofType } from 'rx-event-broker';
import { linesOf, main, priceAt, priceBroker, slowClient } from '../../examples/prices/main.js';
import { executable, openChromium } from './chromium.js';

const there = existsSync(executable);
if (!there) console.warn(`spec/examples/prices.spec.ts: no ${executable}, so nothing is tested in a browser`);

// With CI=true it fails instead of being skipped.
(there || process.env['CI'] === 'true' ? test : test.skip)(
  'W1a, W2b, W3d the EventSource of a browser gets the prices beside a slow client, and comes back with its last id',
  async () => {
    const broker = priceBroker();
    const { context, close } = await openChromium();
    const page = await context.newPage();
    const shown = (selector: string, hasText: string): Promise<void> =>
      page.locator(selector, { hasText: new RegExp(`^${hasText}$`) }).waitFor({ state: 'attached' });
    const subscribed = (count: number) =>
      firstValueFrom(broker.notices$.pipe(ofType('Subscribed'), take(count), toArray()));

    const both = subscribed(2);
    const url = await new Promise<string>(found => {
      const served = main(broker, resolve(__dirname, '../../examples/prices')).subscribe(found);
      cleanups.push(() => served.unsubscribe());
    });
    try {
      const slow = slowClient(url).subscribe();
      cleanups.push(() => slow.unsubscribe());
      await page.goto(url);
      await both;
      for (let id = 0; id < 30; id++) broker.send(priceAt(id));
      await shown('#received', '30');
      expect(await page.locator('#prices').textContent()).toBe(
        [27, 28, 29].map(id => `${priceAt(id).symbol} ${priceAt(id).value}`).join(', '),
      );
      expect([...linesOf(broker)].sort()).toEqual([
        // one in hand and one of each symbol; the system's buffers may take them
        expect.stringMatching(/^slow client: 30 offered, \d sent, 26 superseded/),
        'tab: 30 offered, 30 sent, 0 superseded, 0 waiting',
      ]);

      // the tab is disconnected: it connects again by itself, and says what it had
      const again = firstValueFrom(
        broker.notices$.pipe(
          ofType('Subscribed'),
          filter(({ subscriber }) => subscriber.name === 'tab'),
        ),
      );
      const request = page.waitForRequest(found => found.url().endsWith('/prices'));
      broker.unsubscribe(broker.snapshot().subscribers.find(({ name }) => name === 'tab')!.id);
      await again;
      expect((await (await request).allHeaders())['last-event-id']).toBe('29');
      broker.send(priceAt(30));
      await shown('#received', '31');
    } finally {
      for (const cleanup of cleanups.splice(0)) cleanup();
      broker.close();
      await close();
    }
  },
);

const cleanups: (() => void)[] = [];
