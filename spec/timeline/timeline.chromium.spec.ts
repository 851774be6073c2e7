import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { executable, openChromium } from '../examples/chromium.js';
import { give, pageOf } from './pageOf.js';
import { busyRecording, recording } from './records.js';

const isThere = existsSync(executable);
if (!isThere) console.warn(`spec/timeline: no ${executable}, so nothing is tested in a browser`);
/** With CI=true it fails instead of being skipped. */
const inChromium = isThere || process.env['CI'] === 'true' ? describe : describe.skip;

/** A second of two subscribers. `bank` has a delivery that failed, then one that has not ended; `chart` has lost three. */
const small = () => {
  const { records, add, of } = recording();
  const [bank, chart] = [of(1, 'bank'), of(2, '<img src=x onerror=alert(1)>')];
  add(0, 'opened', { of: 'broker', format: 1 });
  bank(0, 'offered', { event: 1, backlog: 1, type: 'Price' });
  bank(0, 'began', { event: 1, backlog: 1, type: 'Price', key: 'BTC' });
  bank(200, 'failed', { event: 1, backlog: 0, reason: 'Error: no network' });
  for (const at of [300, 301, 302]) chart(at, 'dropped', { event: at, backlog: 1, reason: 'overflow' });
  bank(500, 'offered', { event: 2, backlog: 1, type: 'Price' });
  bank(500, 'began', { event: 2, backlog: 1, type: 'Price' });
  add(600, 'paused');
  bank(1000, 'stalled', { event: 2, backlog: 1 });
  return records;
};

/** The colour of the canvas at a time and at a height in CSS pixels. */
const colourAt = (page: Page, at: number, y: number): Promise<string> =>
  page.evaluate(
    ([ms, top]) => {
      const timeline = document.querySelector('rx-timeline')! as unknown as {
        view: { from: number; to: number };
        shadowRoot: ShadowRoot;
      };
      const canvas = timeline.shadowRoot.querySelector('canvas')!;
      const gutter = 200;
      const x =
        gutter + ((ms! - timeline.view.from) / (timeline.view.to - timeline.view.from)) * (canvas.clientWidth - gutter);
      const [r, g, b] = canvas
        .getContext('2d')!
        .getImageData(Math.round(x * devicePixelRatio), Math.round(top! * devicePixelRatio), 1, 1).data;
      return `#${[r, g, b].map(part => part!.toString(16).padStart(2, '0')).join('')}`;
    },
    [at, y],
  );
/** The middle of the bars of each lane of `small`: below the axis there are 26 pixels of source, 20 of pause$, 34 of each subscriber. */
const PAUSE = 24 + 26 + 10;
const BANK = 24 + 26 + 20 + 20;
const CHART = BANK + 34;

const view = (page: Page): Promise<readonly number[]> =>
  page.evaluate(() => {
    const { from, to } = (document.querySelector('rx-timeline') as unknown as { view: { from: number; to: number } })
      .view;
    return [Math.round(from), Math.round(to)];
  });
const eventsOf = async (page: Page, type: string): Promise<() => Promise<readonly unknown[]>> => {
  await page.evaluate(name => {
    const seen: unknown[] = [];
    Object.assign(globalThis, { [name]: seen });
    document.addEventListener(name, event => {
      const { detail } = event as CustomEvent<{ message?: string }>;
      seen.push(detail.message ?? detail);
    });
  }, type);
  return () => page.evaluate(name => (globalThis as unknown as Record<string, unknown[]>)[name]!, type);
};

inChromium('<rx-timeline>', () => {
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  beforeAll(async () => {
    chromium = await openChromium();
  });
  afterAll(() => chromium.close());

  test('T1a draws a lane for the source, the pause and each subscriber: bars, losses, and what has not ended', async () => {
    const { page, problems } = await pageOf(chromium.context, 'theme="light"');
    await give(page, small());
    expect(await colourAt(page, 100, BANK)).toBe('#c62828'); // failed
    expect(await colourAt(page, 400, BANK)).toBe('#ffffff'); // nothing
    expect(await colourAt(page, 700, BANK)).toBe('#b35900'); // has not ended
    expect(await colourAt(page, 700, PAUSE)).toBe('#9a5fb5'); // paused
    expect(await colourAt(page, 300, CHART - 15)).toBe('#c62828'); // the mark of the losses
    expect(await colourAt(page, 301, CHART + 11)).toBe('#d32f2f'); // the gap
    expect(problems).toEqual([]);
    await page.close();
  });

  test('T1h light and dark: as the system, or as the attribute says', async () => {
    const { page } = await pageOf(chromium.context);
    await give(page, small());
    const background = (): Promise<string> => colourAt(page, 400, BANK);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction(() => matchMedia('(prefers-color-scheme: dark)').matches);
    await page.evaluate(() => new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame)));
    expect(await background()).toBe('#12161c');
    await page.evaluate(() => document.querySelector('rx-timeline')!.setAttribute('theme', 'light'));
    await page.evaluate(() => new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame)));
    expect(await background()).toBe('#ffffff');
    await page.close();
  });

  test('T1a the pointer shows the entry under it, and a click selects its record', async () => {
    const { page, problems } = await pageOf(chromium.context);
    const selected = await eventsOf(page, 'entryselect');
    await give(page, small());
    const box = (await page.locator('canvas').boundingBox())!;
    await page.mouse.move(box.x + 200 + (box.width - 200) * 0.1, box.y + BANK);
    const tip = page.locator('.tip');
    await tip.waitFor();
    expect((await tip.textContent())!.split('\n')).toEqual([
      'bank: failed',
      'event 1, Price, key BTC',
      '0.000 s to 0.200 s, 200 ms',
      'backlog 1',
    ]);
    await page.mouse.down();
    await page.mouse.up();
    expect(await selected()).toMatchObject([{ record: { kind: 'began', event: 1, key: 'BTC' } }]);
    await page.mouse.move(box.x + 200 + (box.width - 200) * 0.4, box.y + BANK);
    await tip.waitFor({ state: 'hidden' });
    expect(problems).toEqual([]);
    await page.close();
  });

  test('T1a by wheel and by drag', async () => {
    const { page } = await pageOf(chromium.context);
    await give(page, small());
    const box = (await page.locator('canvas').boundingBox())!;
    await page.mouse.move(box.x + 200 + (box.width - 200) / 2, box.y + BANK);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -200);
    await page.keyboard.up('Control');
    await page.waitForFunction(
      () => (document.querySelector('rx-timeline') as unknown as { view: { to: number } }).view.to < 1000,
    );
    const [from, to] = await view(page);
    expect(to! - from!).toBe(Math.round(1010 / Math.E));
    expect(Math.abs((from! + to!) / 2 - 505)).toBeLessThan(4);
    await page.mouse.down();
    await page.mouse.move(box.x + 200 + (box.width - 200) / 2 + 100, box.y + BANK, { steps: 5 });
    await page.mouse.up();
    expect((await view(page))[0]).toBeLessThan(from!);
    await page.close();
  });

  test('T1g by keyboard: scroll, zoom, the ends, a lane, its events', async () => {
    const { page, problems } = await pageOf(chromium.context);
    const selected = await eventsOf(page, 'entryselect');
    const views = await eventsOf(page, 'viewchange');
    await give(page, small());
    await page.locator('.scroller').focus();
    const press = async (...keys: readonly string[]): Promise<readonly number[]> => {
      for (const key of keys) await page.keyboard.press(key);
      return view(page);
    };
    expect(await view(page)).toEqual([0, 1010]);
    expect(await press('+')).toEqual([253, 758]);
    expect(await press('ArrowLeft')).toEqual([152, 657]);
    expect(await press('ArrowRight', 'ArrowRight')).toEqual([354, 859]);
    expect(await press('Home')).toEqual([0, 505]);
    expect(await press('End')).toEqual([505, 1010]);
    expect(await press('-')).toEqual([0, 1010]);
    expect(await views()).toHaveLength(7);
    expect(await press('+', '0')).toEqual([0, 1010]);

    const said = page.locator('[data-part=said]');
    await press('ArrowDown', 'ArrowDown', 'ArrowDown');
    expect(await said.textContent()).toBe('bank');
    await press('Home', 'Enter');
    expect(await said.textContent()).toMatch(/^bank: in flight\nevent 2, Price\nsince 0\.500 s, not ended/);
    await press('Shift+ArrowLeft');
    expect(await said.textContent()).toMatch(/^bank: failed\nevent 1/);
    await page.locator('.tip').waitFor();
    await press('Escape');
    await page.locator('.tip').waitFor({ state: 'hidden' });
    expect(await selected()).toMatchObject([{ record: { event: 2 } }, { record: { event: 1 } }]);
    expect(problems).toEqual([]);
    await page.close();
  });

  test('T1g screen readers get a name, the keys, who waits, and a table of the entries in view', async () => {
    const { page } = await pageOf(chromium.context, 'label="Deliveries"');
    await give(page, small());
    const session = await chromium.context.newCDPSession(page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const named = (role: string): readonly unknown[] =>
      nodes.filter(node => !node.ignored && node.role?.value === role).map(node => node.name?.value as unknown);
    expect(named('application')).toEqual(['Deliveries']);
    const application = nodes.find(node => node.role?.value === 'application')!;
    expect(application.description?.value).toMatch(/Enter shows the event/);
    expect(named('table')).toEqual([
      'bank is stalled. Who waits, and for whom:',
      expect.stringMatching(/^\d+ entries of 0\.000 s to 1\.000 s: first what has not ended or is stalled/),
    ]);
    expect(named('button')).toEqual(['Zoom in', 'Zoom out', 'All', 'Latest', 'Table']);
    const cells = await page.locator('.waits tbody tr').first().locator('th, td').allTextContents();
    expect(cells).toEqual(['stalled', 'bank', '0.500 s (500 ms)', 'its handler: event 2, Price', '1']);
    const rows = await page.locator('.range tbody tr').allTextContents();
    expect(rows).toHaveLength(11);
    expect(rows.slice(0, 3).map(row => /stalled|in flight|paused/.exec(row)?.[0])).toEqual([
      'stalled',
      'paused',
      'in flight',
    ]);
    await page.close();
  });

  test('T1d a long stall: its duration agrees with the clock beside it, and Latest shows what happened before it', async () => {
    const { page } = await pageOf(chromium.context);
    await give(page, small());
    await page.evaluate(() => {
      (document.querySelector('rx-timeline') as unknown as { now: number }).now = 760_500;
    });
    const said = page.locator('output');
    await said.filter({ hasText: '760.500 s' }).waitFor();
    expect(await said.textContent()).toBe('0.000 s – 30.000 s, now 760.500 s');
    expect(await page.locator('.waits tbody tr').first().locator('td').nth(1).textContent()).toBe(
      '0.500 s (12 min 40.0 s)',
    );
    expect(await page.locator('.follow').getAttribute('aria-pressed')).toBe('true');
    await page.locator('.all').click();
    await said.filter({ hasNotText: 'now' }).waitFor();
    expect(await said.textContent()).toBe('0.000 s – 760.500 s');
    expect(await page.locator('.follow').getAttribute('aria-pressed')).toBe('false');
    await page.close();
  });

  test('T1a the legend names each colour of a bar, in that colour; an empty timeline says so below its axis', async () => {
    const { page } = await pageOf(chromium.context, 'theme="light"');
    const legend = await page
      .locator('.legend li')
      .evaluateAll(items => items.map(item => [item.textContent, (item.firstChild as HTMLElement).style.color]));
    expect(legend).toEqual(
      expect.arrayContaining([
        ['▮ delivery in progress', 'rgb(179, 89, 0)'],
        ['▬ paused, or held', 'rgb(154, 95, 181)'],
        ['▬ gap: a run of losses', 'rgb(211, 47, 47)'],
      ]),
    );
    const top = (selector: string): Promise<number> =>
      page.locator(selector).evaluate(element => element.getBoundingClientRect().top);
    expect((await top('.empty')) - (await top('canvas'))).toBeGreaterThanOrEqual(24);
    await page.close();
  });

  test('T1f the content of a record is text, never markup', async () => {
    const { page, problems } = await pageOf(chromium.context);
    await give(page, small());
    expect(await page.locator('.range', { hasText: '<img src=x onerror=alert(1)>' }).count()).toBe(1);
    expect(await page.locator('.range img').count()).toBe(0);
    expect(problems).toEqual([]);
    await page.close();
  });

  test('T1e malformed records are left out, shown and reported; the others are drawn', async () => {
    const { page, problems } = await pageOf(chromium.context, 'theme="light"');
    const reported = await eventsOf(page, 'recorderror');
    const lines = small().map(record => JSON.stringify(record));
    lines.splice(3, 0, '{"n":1,', JSON.stringify({ ...small()[0], at: 'noon' }), '');
    await give(page, lines.join('\n'));
    const alert = page.locator('[role=alert]');
    expect(await alert.textContent()).toMatch(
      /^2 records are malformed and were left out\. The first: line 4: expected a record as JSON, found "\{\\"n\\":1,"/,
    );
    expect(await reported()).toHaveLength(2);
    expect((await reported())[1]).toMatch(/^line 5, at: expected a number, found "noon"/);
    expect(await colourAt(page, 700, BANK)).toBe('#b35900');
    await give(page, [{ ...small()[2]!, at: Infinity }, null as never]);
    expect(await reported()).toHaveLength(4);
    expect(await alert.isVisible()).toBe(true);
    expect(problems).toEqual([]);
    await page.close();
  });

  test('T1c new records come into view while the latest one is in view; a limit bounds the kept records', async () => {
    const { page } = await pageOf(chromium.context, 'limit="1000"');
    await give(page, busyRecording(5000));
    const [from, to] = await view(page);
    const { add, records, of } = recording();
    add(Date.UTC(2026, 0, 5, 9, 31), 'opened');
    of(8, 'bank')(Date.UTC(2026, 0, 5, 9, 32), 'offered', { event: 9_000_000, backlog: 9 });
    await give(page, records);
    const [, later] = await view(page);
    expect(later).toBeGreaterThan(to!);
    expect(from).toBeGreaterThan(Date.UTC(2026, 0, 5, 9, 30)); // the oldest ones are gone
    expect((await page.locator('.waits tbody tr').first().textContent())!.startsWith('stalledbank')).toBe(true);
    await page.close();
  });
});
