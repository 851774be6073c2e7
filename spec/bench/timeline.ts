// npm run bench -- timeline [records] : how long Chromium takes for a frame of <rx-timeline> while 100,000 records
// are taken in, zoomed and scrolled. Traced: the longest task of the page's main thread is printed for each, and the longest frame.
import { openChromium } from '../examples/chromium.js';
import { pageOf } from '../timeline/pageOf.js';
import { busyRecording } from '../timeline/records.js';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly dur?: number;
  /** The same in time of the processor. */
  readonly tdur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly args?: { readonly name?: string };
}

/** What Chrome calls a long task, in ms. Of the processor: others may have it, too. */
const LONG_TASK = 50;
const worst: number[] = [];

const count = Number(process.argv[3] ?? 100_000);
const { context, close } = await openChromium();
const { page } = await pageOf(context);
const session = await context.newCDPSession(page);
const browser = await context.browser()!.newBrowserCDPSession();

/** Traces what the page does. */
const traced = async (name: string, work: () => Promise<unknown>): Promise<void> => {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: object[] }): void => void events.push(...(value as TraceEvent[]));
  browser.on('Tracing.dataCollected', collect);
  await browser.send('Tracing.start', {
    categories: 'devtools.timeline,toplevel,__metadata',
    transferMode: 'ReportEvents',
  } as never);
  const frames = (await work()) as readonly number[];
  const complete = new Promise(done => browser.once('Tracing.tracingComplete', done));
  await browser.send('Tracing.end');
  await complete;
  browser.off('Tracing.dataCollected', collect);
  const { processInfo } = (await browser.send('SystemInfo.getProcessInfo')) as unknown as {
    processInfo: readonly { id: number; type: string }[];
  };
  const renderers = new Set(processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id));
  const main = new Set(
    events
      .filter(event => event.name === 'thread_name' && event.args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasksOf = (
    ...names: readonly string[]
  ): { readonly wall: number; readonly cpu: number; readonly count: number } => {
    const tasks = events.filter(
      event => names.includes(event.name) && renderers.has(event.pid) && main.has(`${event.pid} ${event.tid}`),
    );
    const most = (of: (event: TraceEvent) => number): number =>
      tasks.reduce((most, event) => Math.max(most, of(event)), 0) / 1000;
    return { wall: most(({ dur = 0 }) => dur), cpu: most(({ tdur = 0 }) => tdur), count: tasks.length };
  };
  const shown = ({ wall, cpu, count: tasks }: ReturnType<typeof tasksOf>): string =>
    `${wall.toFixed(1)} ms (${cpu.toFixed(1)} of the processor) of ${tasks}`;
  const task = tasksOf('RunTask', 'ThreadControllerImpl::RunTask');
  if (!(task.cpu > 0)) throw new Error(`${name}: no task of the page is in the trace`);
  worst.push(task.cpu);
  const gap = frames.map((at, i) => at - (frames[i - 1] ?? at));
  console.log(
    `${name.padEnd(34)} longest task ${shown(task)}; animation frame ${shown(tasksOf('FireAnimationFrame'))}; ` +
      `between frames at most ${Math.max(0, ...gap).toFixed(1)} ms, ${gap.filter(ms => ms > 50).length} of ${gap.length} over 50 ms`,
  );
};

/** Calls `step` in each of so many frames; gives their times. A text: what tsx makes of a function needs tsx. */
const inFrames = (steps: number, step: string): Promise<readonly number[]> =>
  page.evaluate(`new Promise(done => {
    const timeline = document.querySelector('rx-timeline');
    const frames = [];
    const next = at => {
      if (frames.push(at) > ${steps}) return done(frames);
      const i = frames.length;
      ${step}
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  })`);

const records = busyRecording(count);
const lines = records.map(record => JSON.stringify(record)).join('\n');
console.log(`${count} records, ${(lines.length / 1e6).toFixed(1)} MB as lines, 22 lanes, canvas 1000 px wide`);
await session.send('Performance.enable');
try {
  await page.evaluate(`globalThis.text = ${JSON.stringify(lines)}; 0`);
  await traced('taking in, as lines', () => inFrames(200, 'if (i === 1) timeline.addRecords(text);'));
  await page.waitForTimeout(3000);
  const key = (name: string): string =>
    `timeline.shadowRoot.querySelector('.scroller').dispatchEvent(new KeyboardEvent('keydown', { key: '${name}' }))`;
  await traced('all of it, time passing', () => inFrames(60, `timeline.now = timeline.now + 1;`));
  await traced('zooming in and out', () =>
    inFrames(
      200,
      `const { from, to } = timeline.view; const factor = i % 100 < 50 ? 0.9 : 1 / 0.9; const middle = from + (to - from) * 0.4;
       timeline.view = { from: middle - (middle - from) * factor, to: middle + (to - middle) * factor };`,
    ),
  );
  await page.evaluate(
    `{ const t = document.querySelector('rx-timeline'); const { from, to } = t.view; t.view = { from, to: from + (to - from) / 3 }; }`,
  );
  await traced('scrolling through a third at a time', () =>
    inFrames(
      200,
      `const { from, to } = timeline.view; const by = (to - from) * 0.01 * (i < 100 ? 1 : -1);
       timeline.view = { from: from + by, to: to + by };`,
    ),
  );
  await traced('by keyboard', () =>
    inFrames(60, `${key('+')}; if (i % 5 === 0) ${key('ArrowRight')}; if (i % 8 === 0) { ${key('0')} }`),
  );
} finally {
  await close();
}
const most = Math.max(...worst);
console.log(`the longest task took ${most.toFixed(1)} ms of the processor; ${LONG_TASK} are allowed`);
if (!(most <= LONG_TASK)) process.exitCode = 1;
