import { existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { executable, openChromium } from '../examples/chromium.js';
import { servePlayground, type Served } from './servePlayground.js';

const isThere = existsSync(executable);
if (!isThere) console.warn(`spec/playground: no ${executable}, so nothing is tested in a browser`);
/** With CI=true it fails instead of being skipped. */
const inChromium = isThere || process.env['CI'] === 'true' ? describe : describe.skip;

/** What a visitor sees. */
interface Seen {
  readonly time: string;
  readonly status: string;
  readonly problem: string;
  readonly sources: string;
  /** `ledger pending 3`, and the other counters. */
  readonly tallies: readonly string[];
  readonly notices: readonly string[];
  readonly console: readonly { readonly text: string; readonly line: string }[];
}

const look = (page: Page): Promise<Seen> =>
  page.evaluate(() => {
    const { shadowRoot } = document.querySelector('rx-playground')!;
    const part = (name: string): HTMLElement => shadowRoot!.querySelector(`[data-part=${name}]`)!;
    const text = (name: string): string => (part(name).hidden ? '' : part(name).textContent);
    const lines = (name: string): { text: string; line: string }[] =>
      [...part(name).children].map(line => ({
        text: line.querySelector('.text')!.textContent,
        line: line.querySelector('button')?.textContent ?? '',
      }));
    const columns = [...part('tallies').querySelectorAll('thead th')].map(cell => cell.textContent);
    const tallies = [...part('tallies').querySelectorAll('tbody tr')].flatMap(row => {
      const [name = '', ...counts] = [...row.children].map(cell => cell.textContent);
      return counts.map((count, index) => `${name.replace(' (optional)', '')} ${columns[index + 1]!} ${count}`);
    });
    return {
      time: text('time'),
      status: text('status'),
      problem: text('problem'),
      sources: text('sources'),
      tallies,
      notices: lines('notices').map(line => line.text),
      console: lines('console'),
    };
  });

/** Waits until the program rests: it was started, has run to a step, is over, or was stopped. */
const rests = async (page: Page, status = /^(Paused|At|Stopped)/): Promise<Seen> => {
  await page.waitForFunction(
    pattern => {
      const { shadowRoot } = document.querySelector('rx-playground')!;
      return new RegExp(pattern).test(shadowRoot!.querySelector('[data-part=status]')!.textContent);
    },
    status.source,
    { timeout: 10_000 },
  );
  return look(page);
};

/** What is said next is new. */
const forget = (page: Page): Promise<void> =>
  page.evaluate(() => {
    document.querySelector('rx-playground')!.shadowRoot!.querySelector('[data-part=status]')!.textContent = '';
  });

const programs = (page: Page): Promise<readonly { id: string; title: string; program: string }[]> =>
  page.evaluate(async () => (await fetch('play/presets.json')).json() as Promise<never>);

inChromium('<rx-playground>', () => {
  let chromium: Awaited<ReturnType<typeof openChromium>>;
  let served: Served;
  beforeAll(async () => {
    [chromium, served] = await Promise.all([openChromium(), servePlayground()]);
  }, 60_000);
  afterAll(() => Promise.all([chromium.close(), served.close()]));

  const open = async (fragment = ''): Promise<{ page: Page; problems: string[] }> => {
    const page = await chromium.context.newPage();
    await page.setViewportSize({ width: 1280, height: 900 });
    const problems: string[] = [];
    page.on('pageerror', error => problems.push(error.message));
    page.on('console', message => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(`${served.url}${fragment}`);
    await page.locator('.cm-content').waitFor();
    await rests(page);
    return { page, problems };
  };
  const goTo = async (page: Page, fragment: string): Promise<Seen> => {
    await forget(page);
    await page.evaluate(hash => {
      location.hash = hash;
    }, fragment);
    return rests(page);
  };
  /** Types a program in place of the one that is there. */
  const write = async (page: Page, program: string): Promise<void> => {
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(program);
    await rests(page, /^Edited/);
  };
  const press = async (page: Page, part: string): Promise<Seen> => {
    await forget(page);
    await page.locator(`[data-part=${part}]`).click();
    return rests(page);
  };

  test('its first load weighs less than 500 kB, gzipped', () => {
    const first = [...served.files].filter(([name]) => name !== 'extras.js');
    const bytes = first.map(([name, file]) => [name, gzipSync(file).length] as const);
    const sum = bytes.reduce((total, [, size]) => total + size, 0);
    console.info(`the playground: ${Math.round(sum / 1000)} kB gzipped`);
    expect(sum).toBeLessThan(500_000);
  });

  test('each step of each program shows what its text says', async () => {
    const { page, problems } = await open();
    const unseen: string[] = [];
    let claims = 0;
    for (const { id } of (await programs(page)).filter(({ program }) => /^\/\/ at \d/m.test(program))) {
      await goTo(page, id);
      const buttons = page.locator('ol.steps button');
      for (let index = 0; index < (await buttons.count()); index++) {
        await buttons.nth(index).click();
        await page.locator(`ol.steps li:nth-child(${index + 1}) button[aria-current]`).waitFor();
        const seen = await look(page);
        const [time] = /[\d.]+ ms$/.exec((await buttons.nth(index).textContent())!)!;
        if (seen.time !== time) unseen.push(`${id}: expected ${time}, found ${seen.time}`);
        const all = [
          ...seen.sources.split(' · '),
          ...seen.tallies,
          ...seen.notices,
          ...seen.console.map(({ text }) => text),
        ];
        for (const claim of await page.locator(`ol.steps li:nth-child(${index + 1}) code`).allTextContents()) {
          claims++;
          if (!all.includes(claim)) unseen.push(`${id}, ${time}: ${claim}; there is ${all.join(', ')}`);
        }
      }
    }
    expect(unseen).toEqual([]);
    expect(claims).toBeGreaterThan(25);
    expect(problems).toEqual([]);
    await page.close();
  }, 60_000);

  test('all programs run: the diagrams of the docs pass, and the programs of the pages print what they say', async () => {
    const { page, problems } = await open();
    const wrong: string[] = [];
    const all = (await programs(page)).filter(({ program }) => !/^\/\/ at \d/m.test(program));
    expect(all.length).toBeGreaterThan(40);
    await page.locator('[data-part=speed]').selectOption('10000');
    for (const { id, program } of all) {
      await goTo(page, id);
      const expected = program
        .split('\n')
        .flatMap(line => /^(?:.*console\.log\(|\s*\)).*\/\/ (.+)$/.exec(line)?.[1] ?? []);
      const isMarble = id.startsWith('marbles/');
      const prints = isMarble ? ['Each row is as expected.'] : expected;
      if (prints.length === 0) wrong.push(`${id}: shows nothing`);
      const printed = (): Promise<readonly string[]> =>
        look(page).then(({ console: lines }) => {
          const byLine = new Map<string, string[]>();
          for (const { text, line } of lines) byLine.set(line, [...(byLine.get(line) ?? []), text]);
          return [...byLine.values()].map(texts => texts.join(', '));
        });
      // A marble test is over when it has begun.
      if (!isMarble) await page.locator('[data-part=play]').click();
      const isThere = async (): Promise<boolean> =>
        [...(await printed())].sort().join('\n') === [...prints].sort().join('\n');
      for (let tries = 0; tries < 60 && !(await isThere()); tries++) {
        await page.evaluate(() => new Promise(requestAnimationFrame));
      }
      if (!(await isThere()))
        wrong.push(`${id}: expected ${prints.join(' | ')}, found ${(await printed()).join(' | ')}`);
      const { problem } = await look(page);
      if (problem !== '') wrong.push(`${id}: ${problem}`);
    }
    expect(wrong).toEqual([]);
    expect(problems).toEqual([]);
    await page.close();
  }, 90_000);

  test('a key that is pressed while a program starts affects only that program', async () => {
    const { page } = await open('#hidden-array');
    const shown = await page.evaluate(() => {
      const { shadowRoot } = document.querySelector('rx-playground')!;
      const part = (name: string): HTMLElement => shadowRoot!.querySelector(`[data-part=${name}]`)!;
      part('restart').click();
      part('step').click();
      const texts = [part('status').textContent];
      shadowRoot!.querySelector<HTMLElement>('ol.steps button')!.click();
      texts.push(part('status').textContent);
      const presets = part('presets') as HTMLSelectElement;
      presets.value = 'bounded-queue';
      presets.dispatchEvent(new Event('change'));
      return texts;
    });
    expect(shown).toEqual(['Starting, then a step.', expect.stringMatching(/^Starting, then to [\d.]+ ms\.$/)]);
    await rests(page);
    for (let frames = 0; frames < 10; frames++) await page.evaluate(() => new Promise(requestAnimationFrame));
    expect((await look(page)).status).toBe('Paused at 0 ms.');
    const status = await page.evaluate(() => {
      const { shadowRoot } = document.querySelector('rx-playground')!;
      for (const name of ['restart', 'step']) shadowRoot!.querySelector<HTMLElement>(`[data-part=${name}]`)!.click();
      return shadowRoot!.querySelector('[data-part=status]')!.textContent;
    });
    expect(status).toBe('Starting, then a step.');
    expect((await rests(page, /^Paused at 5 ms/)).time).toBe('5 ms');
    await page.close();
  });

  test('a slider changes the program while it runs', async () => {
    const { page } = await open('#hidden-array');
    const slider = page.getByRole('slider', { name: 'work' });
    expect(await slider.getAttribute('aria-valuetext')).toBe('20 ms');
    await slider.fill('20');
    for (let presses = 0; presses < 15; presses++) await slider.press('ArrowRight');
    expect(await slider.inputValue()).toBe('35');
    await page.locator('[data-part=play]').click();
    await rests(page, /^Playing/);
    // A slower speed goes on from where it is.
    await page.locator('[data-part=speed]').selectOption('10');
    const before = parseFloat((await look(page)).time);
    await page.waitForFunction(time => {
      const shown = document.querySelector('rx-playground')!.shadowRoot!.querySelector('[data-part=time]')!;
      return parseFloat(shown.textContent) >= time + 1;
    }, before);
    await page.locator('[data-part=speed]').selectOption('1000');
    await slider.fill('1');
    // The queue falls although the source goes on: only the slider can have done that.
    await page.waitForFunction(() => {
      const row = document.querySelector('rx-playground')!.shadowRoot!.querySelector('[data-part=tallies] tbody tr');
      return row?.children[3]?.textContent === '0' && Number(row.children[1]!.textContent) > 50;
    });
    await page.close();
  });

  test('a link holds the program and its sliders; one that is damaged is reported', async () => {
    const { page } = await open('#bounded-queue');
    await page.getByRole('slider', { name: 'work' }).fill('33');
    await write(
      page,
      `import { control } from 'playground';\nconst work = control('work');\nconsole.log('shared', work.value);\n`,
    );
    await page.locator('[data-part=share]').click();
    await rests(page, /^The link/);
    const link = page.url().slice(served.url.length);
    expect(link).toMatch(/^#p1=[\w-]+$/);
    const { page: other, problems } = await open(link);
    expect((await look(other)).console.map(({ text }) => text)).toEqual(['shared 33']);
    for (const each of [page, other]) {
      expect(await each.locator('[data-part=presets] option:checked').textContent()).toBe('Edited program');
    }
    expect((await goTo(other, link.slice(1, -5))).problem).toMatch(/^This link is damaged/);
    expect((await goTo(other, 'p2=abc')).problem).toMatch(/has the format 2/);
    expect((await goTo(other, 'no-such')).problem).toBe('There is no program "no-such".');
    expect((await goTo(other, '%')).problem).toBe('There is no program "%".');
    expect((await goTo(other, 'lanes')).problem).toBe('');
    expect(problems).toEqual([]);
    await other.close();
    await page.close();
  });

  test.each([
    ['in a loop of Promises', 'const again = (): void => void Promise.resolve().then(again);\nagain();'],
    ['on a timer', 'setTimeout(() => { for (;;) {} });'],
  ])('a program that never ends, %s, is stopped, and the page goes on', async (_, program) => {
    const { page, problems } = await open();
    await write(page, program);
    const { problem } = await press(page, 'restart');
    expect(problem).toMatch(/has not answered for 2 s, so it was stopped/);
    const { tallies } = await goTo(page, 'lanes');
    expect(tallies).toContain('orders pending 9');
    expect(problems).toEqual([]);
    await page.close();
  });

  test('if one stops waiting for a program, the next one still runs to its end', async () => {
    const { page, problems } = await open();
    await write(page, 'for (;;) {}');
    await page.clock.install();
    await page.locator('[data-part=restart]').click();
    await goTo(page, 'lanes');
    // the time that the first one would have had to answer
    await page.clock.fastForward(3000);
    const { problem, tallies } = await press(page, 'step');
    expect([problem, tallies]).toEqual(['', expect.arrayContaining([expect.stringMatching(/^orders offered/)])]);
    expect(problems).toEqual([]);
    await page.close();
  });

  test('a part that cannot be loaded is reported, and requested again', async () => {
    const page = await chromium.context.newPage();
    await page.route('**/runner.js', route => route.fulfill({ status: 503 }));
    await page.goto(served.url);
    expect((await rests(page)).problem).toBe(
      'LoadError: A part of the playground could not be loaded: runner.js, status 503.',
    );
    await page.unroute('**/runner.js');
    await page.locator('[data-part=restart]').click();
    expect((await rests(page, /^Paused/)).problem).toBe('');
    await page.close();
  });

  test('a program reaches neither the network nor the page', async () => {
    const { page } = await open();
    const before = served.requests.length;
    await write(
      page,
      `setInterval(() => {}, 1);
const tried = async (name, use) => console.log(name, await use().then(() => 'REACHED', () => 'rejected'));
const url = '${served.url}play/stolen';
await tried('fetch', async () => fetch(url));
await tried('import', () => new Function('u', 'return import(u)')(url));
await tried('importScripts', async () => importScripts(url));
await tried('storage', async () => { const request = indexedDB.open('x'); await new Promise((done, fail) => { request.onsuccess = done; request.onerror = fail; }); });
console.log(typeof document, self.origin);
const socket = new WebSocket(url.replace('http', 'ws'));
await tried('socket', () => new Promise((done, fail) => { socket.onopen = done; socket.onerror = fail; }));
console.log('end');`,
    );
    await press(page, 'restart');
    for (let tries = 0; tries < 200 && !(await look(page)).console.some(({ text }) => text === 'end'); tries++) {
      await page.locator('[data-part=step]').click();
    }
    const texts = (await look(page)).console.map(({ text }) => text);
    expect(texts).toEqual([
      'fetch rejected',
      'import rejected',
      'importScripts rejected',
      'storage rejected',
      'undefined null',
      'socket rejected',
      'end',
    ]);
    expect(served.requests.slice(before)).toEqual([]);
    expect(new Set(served.requests.map(request => request.split(' ')[0]))).toEqual(new Set(['GET']));
    await page.close();
  });

  test('errors name the line of the program', async () => {
    const { page } = await open();
    const run = async (program: string): Promise<Seen> => {
      await write(page, program);
      return press(page, 'restart');
    };
    expect((await run('const a = 1;\nconst b = (;\n')).problem).toBe('Line 2, column 12: unexpected token');
    expect((await run('const a = 1;\n\nlet a = 2;\n')).problem).toMatch(
      /SyntaxError: Identifier 'a' has already been declared/,
    );
    const { console: lines, problem } = await run(
      `type Tick = { readonly n: number };\nconst tick: Tick = { n: 1 };\nthrow new Error('no ' + tick.n);`,
    );
    expect(lines).toEqual([{ text: 'Uncaught Error: no 1', line: 'line 3' }]);
    expect(problem).toBe('Line 3: Uncaught Error: no 1');
    // A program ends with the last thing that happens.
    await press(page, 'play');
    expect((await rests(page, /^At/)).time).toBe('0 ms');
    expect((await run(`import 'left-pad';`)).console[0]!.text).toMatch(/cannot import "left-pad" here/);
    const late = await run(`setTimeout(() => { throw new Error('late'); });`);
    expect(late.console).toMatchObject([{ text: 'Uncaught Error: late' }]);
    expect(late.problem).toBe('Line 1: Uncaught Error: late');
    const nobody = await run(`const a = 1;\nPromise.reject(new Error('nobody'));`);
    expect(nobody.console).toMatchObject([{ text: 'Uncaught Error: nobody' }]);
    expect(nobody.problem).toBe('Line 2: Uncaught Error: nobody');
    await page.close();
  });

  test('by keyboard: Ctrl+Enter plays and pauses, Step goes to the next thing that happens', async () => {
    const { page } = await open('#bounded-queue');
    expect((await press(page, 'step')).time).toBe('5 ms');
    expect((await press(page, 'step')).time).toBe('10 ms');
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+Enter');
    await rests(page, /^Playing/);
    await page.keyboard.press('Control+Enter');
    await rests(page, /^Paused/);
    expect((await press(page, 'restart')).time).toBe('0 ms');
    await page.close();
  });

  test('screen readers get names for everything that can be used', async () => {
    const { page } = await open('#pause-travels-back');
    await page.locator('ol.steps button').nth(1).click();
    await page.locator('ol.steps button[aria-current]').waitFor();
    const session = await chromium.context.newCDPSession(page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const named = (role: string): readonly unknown[] =>
      nodes.filter(node => !node.ignored && node.role?.value === role).map(node => node.name?.value as unknown);
    expect(named('toolbar')).toEqual(['Time', 'View']);
    expect(named('slider')).toEqual(['rate', 'work']);
    expect(named('combobox')).toEqual(['Program', 'Speed']);
    expect(named('textbox')).toEqual(['Program']);
    expect(named('table')).toContain('Tallies, in events');
    expect(named('application')).toEqual(['Timeline of the program']);
    expect(named('status').length).toBeGreaterThan(0);
    expect(named('button').filter(name => name === '')).toEqual([]);
    expect(named('heading')).toEqual(
      expect.arrayContaining(['A pause travels back to the source', 'Notices', 'Console']),
    );
    await page.close();
  });

  test.each([1280, 390])('no horizontal scrolling is needed at %d pixels', async width => {
    const { page } = await open('#pause-travels-back');
    await page.setViewportSize({ width, height: 900 });
    await page.locator('ol.steps button').nth(3).click();
    await page.locator('ol.steps button[aria-current]').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.close();
  });
});
