import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { executable, openChromium } from '../examples/chromium.js';

const isThere = existsSync(executable);
if (!isThere) console.warn(`spec/timeline/performanceTracks: no ${executable}, so nothing is tested in a browser`);
/** With CI=true it fails instead of being skipped. */
const inChromium = isThere || process.env['CI'] === 'true' ? test : test.skip;

/** A page that is traced: `work()` sends three events to subscribers that are slow, quick, and drop. */
const PAGE = `
import { eventBroker } from './lib/index.js';
import { inspect } from './lib/inspect.js';
import { performanceTracks } from './lib/timeline.js';
const wait = ms => new Promise(done => setTimeout(done, ms));
globalThis.work = async () => {
  const broker = eventBroker();
  broker.subscribe({ name: 'bank', required: true, next: () => wait(20) });
  for (const name of ['log 1', 'log 2']) broker.subscribe({ name, required: true, next: () => undefined });
  for (const name of ['chart 1', 'chart 2']) broker.subscribe({ name, required: false, capacity: 0, next: () => wait(20) });
  inspect(broker, performanceTracks(), { name: 'trades' });
  for (const n of [1, 2, 3]) broker.send({ type: 'Price', n });
  await new Promise(complete => broker.drain().subscribe({ complete }));
  await wait(0);
  return performance.getEntriesByType('measure').length;
};`;

interface Timing {
  readonly cat: string;
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly id2?: { readonly local: string };
  readonly args: { readonly detail?: string };
}

/** The user timings of what the page does, as its Performance panel gets them. */
const traced = async (page: Page, work: () => Promise<unknown>): Promise<readonly Timing[]> => {
  const session = await page.context().newCDPSession(page);
  const events: Timing[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as Timing[])));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['blink.user_timing'] },
  });
  await work();
  const complete = new Promise(done => session.once('Tracing.tracingComplete', done));
  await session.send('Tracing.end');
  await complete;
  return events.filter(({ cat, ph }) => cat === 'blink.user_timing' && 'ben'.includes(ph));
};

/** The panel shows a measure that has a begin and an end, and nothing else. */
const pairsOf = (timings: readonly Timing[]): readonly (readonly [Timing, Timing])[] => {
  const begun = new Map<string, Timing[]>();
  return [...timings]
    .sort((a, b) => a.ts - b.ts)
    .flatMap(timing => {
      const id = `${timing.id2?.local} ${timing.name}`;
      if (timing.ph === 'b') begun.set(id, [...(begun.get(id) ?? []), timing]);
      const first = timing.ph === 'e' ? begun.get(id)?.pop() : undefined;
      return first === undefined ? [] : [[first, timing] as const];
    });
};

inChromium('T3a, T3b, T3d in a trace of Chromium, each delivery and each loss is an entry of its track', async () => {
  const { outputFiles } = await build({
    stdin: { contents: PAGE, resolveDir: resolve('.') },
    bundle: true,
    format: 'iife',
    write: false,
  });
  const { context, close } = await openChromium();
  try {
    const page = await context.newPage();
    await page.setContent('<!doctype html><title>t</title>');
    await page.addScriptTag({ content: outputFiles[0]!.text });
    let kept: unknown;
    const timings = await traced(page, async () => {
      kept = await page.evaluate('work()');
    });
    expect(kept).toBe(0);

    const entries = pairsOf(timings).map(([{ name, ts, args }, end]) => {
      const { devtools } = JSON.parse(args.detail!) as { devtools: Readonly<Record<string, unknown>> };
      return { name, length: end.ts - ts, ...devtools };
    });
    const named = (name: string) => entries.filter(entry => (entry as { track?: unknown }).track === name);
    const textsOf = (name: string) => named(name).map(entry => entry.name);
    expect(['bank', 'log 1', 'log 2'].map(name => textsOf(name).sort())).toEqual(
      Array.from({ length: 3 }, () => ['Price 1', 'Price 2', 'Price 3']),
    );
    expect(['chart 1', 'chart 2'].map(name => textsOf(name).sort())).toEqual(
      Array.from({ length: 2 }, () => ['Price 1', 'dropped: Price 2', 'dropped: Price 3']),
    );
    expect(entries).toHaveLength(15);
    expect(named('chart 2').find(({ name }) => name === 'dropped: Price 3')).toEqual({
      name: 'dropped: Price 3',
      length: expect.any(Number),
      dataType: 'track-entry',
      track: 'chart 2',
      trackGroup: 'trades',
      color: 'error',
      tooltipText: 'chart 2: dropped: Price 3',
      properties: [
        ['event', 'event 3, Price'],
        ['backlog', '1'],
        ['reason', 'overflow'],
      ],
    });
    for (const { length } of named('bank')) expect(length).toBeGreaterThan(10_000);
    for (const { length } of entries) expect(length).toBeGreaterThan(8); // rounded
  } finally {
    await close();
  }
});
