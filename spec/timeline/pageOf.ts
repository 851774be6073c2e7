import { resolve } from 'node:path';
import { build } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import type { InspectRecord } from 'rx-event-broker/inspect';

/** The entry as a browser takes it: `timeline.defineTimeline` and so on. */
const bundled = async (): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [resolve('lib/timeline.ts')],
    bundle: true,
    format: 'iife',
    globalName: 'timeline',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]!.text;
};

/** A page with one `<rx-timeline>`, and what has gone wrong in it. */
export const pageOf = async (context: BrowserContext, attributes = ''): Promise<{ page: Page; problems: string[] }> => {
  const page = await context.newPage();
  await page.setViewportSize({ width: 1000, height: 900 });
  const problems: string[] = [];
  page.on('pageerror', error => problems.push(error.message));
  page.on('console', message => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.setContent(
    `<!doctype html><html lang="en"><title>t</title><body style="margin:0"><rx-timeline ${attributes}></rx-timeline>`,
  );
  await page.addScriptTag({ content: `${await bundled()};timeline.defineTimeline();timeline.defineTimeline();` });
  return { page, problems };
};

/** Gives records to the element, and waits until they and the tables are drawn. */
export const give = async (page: Page, records: readonly InspectRecord[] | string): Promise<void> => {
  await page.evaluate(given => {
    const timeline = document.querySelector('rx-timeline') as unknown as {
      addRecords(records: unknown): void;
      flush(): void;
    };
    timeline.addRecords(given);
    timeline.flush();
  }, records);
  await page.locator('.range caption').waitFor({ state: 'attached' });
};
