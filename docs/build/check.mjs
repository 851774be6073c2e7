/* global document -- `look` runs in the browser */
// Opens every page of the built site in Chromium, in a wide window and in a narrow one: does a block, or the page, ask for a scroll
// to the right? Has each page its one h1 and a title? Does the search find what people look for?
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serve } from 'vitepress';

const site = fileURLToPath(new URL('../../node_modules/.cache/site', import.meta.url));
const words = ['retry', 'AbortSignal', 'dead letter'];
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(site)) throw new Error(`expected a site in ${site}; build it first: npm run docs`);

const port = 4179;
await serve({ root: fileURLToPath(new URL('..', import.meta.url)), port });
const address = `http://localhost:${port}/`;
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
const browser = await chromium.launch({ executablePath, args });
const problems = [];

const look = () => {
  const isWide = element => element.scrollWidth > element.clientWidth + 1;
  const blocks = [...document.querySelectorAll('.vp-doc pre')].filter(isWide);
  return {
    title: document.title,
    headings: document.querySelectorAll('h1').length,
    wide: [
      ...(isWide(document.documentElement) ? ['the page'] : []),
      ...blocks.map(block => block.textContent.trim().split('\n')[0]),
    ],
    // Where the window is wide, a line is shown as it is written.
    broken: [...document.querySelectorAll('.vp-doc pre .line')]
      .filter(line => line.getBoundingClientRect().height > 30 && line.textContent.length <= 80)
      .map(line => line.textContent),
  };
};

const files = readdirSync(site, { recursive: true }).filter(file => file.endsWith('.html') && file !== '404.html');
for (const width of [1280, 390]) {
  // What is measured is in the HTML; without scripts a page is there sooner.
  const page = await browser.newPage({ viewport: { width, height: 900 }, javaScriptEnabled: false });
  for (const file of files) {
    await page.goto(address + file);
    const { title, headings, wide, broken } = await page.evaluate(look);
    if (headings !== 1) problems.push(`${file}: expected one h1, found ${headings}`);
    if (!title.endsWith('| rx-event-broker')) problems.push(`${file}: the title is "${title}"`);
    for (const what of wide) problems.push(`${file}, ${width} pixels: ${what}: wider than the window`);
    if (width === 1280) for (const line of broken) problems.push(`${file}: not in one line: ${line}`);
  }
  await page.close();
}

// The playground, as the site has it: in both themes it loads without an error, and a diagram of a page opens in it.
for (const [width, colorScheme] of [
  [1280, 'dark'],
  [390, 'light'],
]) {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  page.on('pageerror', error => problems.push(`playground: ${error.message}`));
  page.on('console', message => {
    if (message.type() === 'error') problems.push(`playground: ${message.text()}`);
  });
  await page.goto(`${address}playground.html`);
  await page.locator('rx-playground .cm-content').waitFor();
  const theme = await page.locator('rx-playground').getAttribute('theme');
  if (theme !== colorScheme) problems.push(`playground: expected the theme ${colorScheme}, found ${theme}`);
  const { wide } = await page.evaluate(look);
  for (const what of wide) problems.push(`playground, ${width} pixels: ${what}: wider than the window`);
  await page.goto(`${address}flow-control.html`);
  await page.waitForTimeout(500); // the page comes alive
  await page.getByRole('link', { name: 'Open in the playground' }).first().click();
  await page.locator('rx-playground .text', { hasText: 'Each row is as expected.' }).waitFor();
  await page.close();
}

const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
for (const word of words) {
  await page.goto(address);
  await page.waitForTimeout(500); // the page comes alive
  await page.keyboard.press('/');
  await page.locator('#localsearch-input').fill(word);
  const first = page.locator('.VPLocalSearchBox .result').first();
  const found = await first.waitFor({ timeout: 30_000 }).then(
    async () => (await first.textContent()).replace(/\s+/g, ' ').trim(),
    () => undefined,
  );
  if (found === undefined) problems.push(`the search finds nothing for "${word}"`);
  else console.log(`"${word}" is found in ${found}`);
}
await browser.close();

for (const problem of problems) console.error(problem);
console.log(`${files.length} pages at 1280 and 390 pixels: ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
