import { get } from 'node:http';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { firstValueFrom, Subject, type Observable } from 'rxjs';
import { eventBroker, type AnyEvent, type EventBroker } from 'rx-event-broker';
import { serveTimeline, type ServeTimelineOptions } from 'rx-event-broker/devtools';
import { inspector, type InspectRecord } from 'rx-event-broker/inspect';
import { main } from '../../examples/stuck/main.js';
import { executable, openChromium } from '../examples/chromium.js';

const isThere = existsSync(executable);
if (!isThere) console.warn(`spec/devtools: no ${executable}, so nothing is tested in a browser`);
/** With CI=true it fails instead of being skipped. */
const inChromium = isThere || process.env['CI'] === 'true' ? test : test.skip;

type Trade = { readonly type: 'Trade'; readonly id: number };

/** Serves it, and gives its address and how to end it. */
const served = async <E extends AnyEvent>(
  inspected: EventBroker<E> | Observable<InspectRecord>,
  options: ServeTimelineOptions<NoInfer<E>> = {},
) => {
  const url$ = new Subject<string>();
  const first = firstValueFrom(url$);
  const subscription = serveTimeline(inspected, options).subscribe(url$);
  return { url: await first, end: () => subscription.unsubscribe() };
};

const record = (n: number, more: Partial<InspectRecord> = {}): InspectRecord => ({
  n,
  at: n,
  kind: 'offered',
  broker: 'b',
  paused: false,
  subscriber: { id: 1, key: 1, name: 'bank', required: true },
  event: n,
  backlog: 1,
  ...more,
});

/** The messages of a stream of events until `enough` of its text has come. */
const read = async (url: string, enough: (text: string) => boolean): Promise<string> => {
  const ended = new AbortController();
  const response = await fetch(url, { signal: ended.signal });
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (enough(text)) break;
  }
  ended.abort();
  return text;
};
const linesOf = (text: string): readonly InspectRecord[] =>
  [...text.matchAll(/^data: (\{.*)$/gm)].map(([, line]) => JSON.parse(line!) as InspectRecord);

describe('serveTimeline', () => {
  inChromium('T1d the first thing on the page is who is stalled, since when, and who waits for it', async () => {
    const { context, close } = await openChromium();
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', error => problems.push(error.message));
    page.on('console', message => {
      if (message.type() === 'error') problems.push(message.text());
    });
    const running = main(2, 'bank', 1000).subscribe(url => void page.goto(url));
    try {
      const rows = page.locator('.waits tbody tr');
      await page.locator('.waits tr.stalled').waitFor();
      await page.locator('.waits tr.paused').waitFor();
      const cells = (row: number): Promise<readonly string[]> => rows.nth(row).locator('th, td').allTextContents();
      expect(await cells(0)).toEqual([
        'stalled',
        'bank',
        expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3} \(.* m?s\)$/),
        'its handler: event 101, Trade, key RX',
        '64',
      ]);
      expect((await cells(1)).slice(0, 2)).toEqual(['paused', 'source of broker 1']);
      expect((await cells(1))[3]).toBe('bank');
      const stalled = page.locator('.waits caption');
      expect(await stalled.textContent()).toMatch(/^bank is stalled\./);
      // time goes on without a record
      const before = (await cells(0))[2]!;
      await page.waitForFunction(
        old =>
          document.querySelector('rx-timeline')!.shadowRoot!.querySelector('.waits td:nth-child(3)')?.textContent !==
          old,
        before,
      );
      expect(problems).toEqual([]);
    } finally {
      running.unsubscribe();
      await close();
    }
  });

  test('T2a only requests with the token get anything, and only by GET', async () => {
    const { url, end } = await served(eventBroker<Trade>());
    const { origin, pathname } = new URL(url);
    expect(pathname).toMatch(/^\/[\w-]{32}\/$/);
    const status = async (path: string, init?: RequestInit): Promise<number> =>
      (await fetch(origin + path, init)).status;
    expect(await status('/')).toBe(404);
    expect(await status('/records')).toBe(404);
    expect(await status(`${pathname.slice(0, -2)}x/records`)).toBe(404);
    expect(await status(`${pathname}else`)).toBe(404);
    expect(await status(pathname, { method: 'POST' })).toBe(405);
    const page = await fetch(url);
    expect([page.status, page.headers.get('content-security-policy')]).toEqual([
      200,
      expect.stringContaining("default-src 'none'"),
    ]);
    expect(await status(`${pathname}timeline.js`)).toBe(200);
    end();
  });

  test('T2a another host name that points to this computer gets nothing, even with the token', async () => {
    const { url, end } = await served(eventBroker<Trade>());
    const { port } = new URL(url);
    const status = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const request = get(url, { headers: { host } }, response => {
          response.resume();
          resolve(response.statusCode);
        });
        request.on('error', reject);
      });
    expect(await status(`127.0.0.1:${port}`)).toBe(200);
    expect(await status('localhost:1234')).toBe(200);
    for (const host of [`evil.example:${port}`, '127.0.0.1.evil.example', 'localhost.evil.example'])
      expect(await status(host)).toBe(404);
    end();
  });

  test('T2a, T2d listens on loopback only, and on no port after it was unsubscribed from', async () => {
    const { url, end } = await served(eventBroker<Trade>());
    const { hostname, port } = new URL(url);
    expect(hostname).toBe('127.0.0.1');
    const stream = await fetch(`${url}records`);
    end();
    await expect(stream.text()).rejects.toThrow();
    await expect(fetch(url)).rejects.toThrow();
    const again = await served(eventBroker<Trade>(), { port: Number(port) });
    await expect(served(eventBroker<Trade>(), { port: Number(port) })).rejects.toMatchObject({ name: 'ListenError' });
    again.end();
  });

  test('T2c a page that is opened later gets older records that still matter, and the newest records', async () => {
    const record$ = new Subject<InspectRecord>();
    const { url, end } = await served(record$, { limit: 10 });
    record$.next(record(1, { kind: 'opened', subscriber: undefined as never }));
    record$.next(record(2, { kind: 'subscribed', backlog: 0 }));
    record$.next(record(3, { kind: 'began', event: 1 }));
    record$.next(record(4, { kind: 'began', event: 2 }));
    record$.next(record(5, { kind: 'ended', event: 2 }));
    record$.next(record(6, { kind: 'paused' }));
    for (let n = 7; n <= 40; n++) record$.next(record(n));
    const text = await read(`${url}records`, got => got.includes('"n":40'));
    expect(text.startsWith('event: reset\ndata: \n\n')).toBe(true);
    expect(linesOf(text).map(({ n }) => n)).toEqual([1, 2, 3, 6, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40]);
    end();
  });

  test('T2c records of operators come through a Subject that is passed to their inspector', async () => {
    const record$ = new Subject<InspectRecord>();
    const { url, end } = await served(record$);
    const records = inspector(record$);
    records.opened('backpressure', 'uploads', { now: () => 5 } as never);
    records.stop();
    const text = await read(`${url}records`, got => got.includes('uploads'));
    expect(linesOf(text)[0]).toMatchObject({ kind: 'opened', broker: 'uploads' });
    end();
  });

  test('T2b a page that does not read costs a bounded amount of memory, and starts again when it reads', async () => {
    const record$ = new Subject<InspectRecord>();
    const { url, end } = await served(record$, { limit: 100 });
    const { port, pathname } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`GET ${pathname}records HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await new Promise(done => socket.once('data', done));
    socket.pause();
    const reason = 'x'.repeat(10_000);
    const before = process.memoryUsage();
    for (let n = 1; n <= 20_000; n++) {
      record$.next(record(n, { reason }));
      if (n % 5000 === 0) await new Promise(setImmediate);
    }
    // 200 MB were offered to the page
    expect(process.memoryUsage().external - before.external).toBeLessThan(150e6);
    let got = '';
    let resets = 0;
    await new Promise<void>(done => {
      socket.on('data', (chunk: Buffer) => {
        got = got.slice(-100) + chunk.toString('latin1');
        resets += got.includes('event: reset') ? 1 : 0;
        if (resets > 0 && got.includes('"n":20000,')) done();
      });
      socket.resume();
    });
    expect(resets).toBeGreaterThan(0);
    socket.destroy();
    end();
  });

  test('T2a rejects values that are not a broker, and unknown options', () => {
    expect(() => serveTimeline(eventBroker<Trade>(), { port: -1 })).toThrow(/port: expected a whole number/);
    expect(() => serveTimeline(eventBroker<Trade>(), { host: '0.0.0.0' } as never)).toThrow(/host/);
  });

  test('a record that JSON cannot represent does not stop the others', async () => {
    const record$ = new Subject<InspectRecord>();
    const { url, end } = await served(record$);
    record$.next({ ...record(1), event: 1n as never });
    record$.next(null as never);
    record$.next(record(2));
    const text = await read(`${url}records`, got => got.includes('"n":2'));
    expect(text).toContain('data: "a record that JSON cannot write"\n');
    expect(linesOf(text).map(({ n }) => n)).toEqual([2]);
    end();
  });
});
