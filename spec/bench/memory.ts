// npm run bench -- memory [gibibytes]: a long recording, and a required subscriber that is slow at first: how much memory grows.
//
// The simulator records 1 GiB into a temporary folder, in a child process, so that its memory does not count. The replay takes 1 ms
// for each of the first 20,000 events, so that the files are paused all the time; after them it is synchronous. Growth is from the
// resident memory after everything is loaded to the most that the process has ever had. Goal: under 100 MiB.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastValueFrom, takeWhile, timer } from 'rxjs';
import { marketRun } from '../../examples/market/index.js';
import { deserialize, eventBroker, fromPull, verifyChain, verifySequence } from '../../lib/index.js';
import { bufferFiles, recordToFile } from '../../lib/node.js';
import { blockOf, vegaDecoder, type VegaEvent } from '../../lib/vega.js';

const chainId = 'memory';
const slowEvents = 20_000;
const mebibyte = 2 ** 20;

/** The child: events until the file is as long as it should be. */
const record = async (file: string, wanted: number): Promise<void> => {
  const run = marketRun({ seed: 1, blocks: Infinity, chainId });
  let bytes = 0;
  const messages$ = fromPull(() => run.messages).pipe(
    takeWhile(message => {
      bytes += 12 + message.length;
      return bytes < wanted;
    }),
  );
  await lastValueFrom(messages$.pipe(recordToFile(file)));
};

const replay = async (directory: string): Promise<void> => {
  const broker = eventBroker<VegaEvent>();
  let received = 0;
  let mostPending = 0;
  broker.subscribe({
    name: 'slow at first',
    required: true,
    next: () => (received++ < slowEvents ? timer(1) : undefined),
  });
  const watch = setInterval(() => {
    mostPending = Math.max(mostPending, broker.snapshot().subscribers[0]!.pending);
  }, 50);

  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const peakBefore = process.resourceUsage().maxRSS * 1024;
  const began = performance.now();
  const last = await lastValueFrom(
    broker.receive(pause$ =>
      bufferFiles({ directory, blockOf, pause$ }).pipe(
        deserialize(vegaDecoder),
        verifyChain(chainId),
        verifySequence(),
      ),
    ),
  );
  clearInterval(watch);
  const seconds = (performance.now() - began) / 1000;
  const peak = process.resourceUsage().maxRSS * 1024;
  const { offered, delivered } = last.subscribers[0]!;
  const inMiB = (bytes: number): string => (bytes / mebibyte).toFixed(1);
  console.log(`${delivered} of ${offered} events delivered in ${seconds.toFixed(0)} s, at most ${mostPending} pending`);
  console.log(`resident before ${inMiB(before)} MiB (peak ${inMiB(peakBefore)}), peak ${inMiB(peak)} MiB`);
  console.log(`growth ${inMiB(peak - before)} MiB; goal under 100 MiB`);
  if (!(peak - before < 100 * mebibyte) || delivered !== offered || received !== delivered) process.exitCode = 1;
};

if (process.argv[2] === '--record') await record(process.argv[3]!, Number(process.argv[4]));
else {
  const directory = mkdtempSync(join(tmpdir(), 'bench-memory-'));
  try {
    const file = join(directory, 'long.evt');
    const wanted = Number(process.argv[3] ?? 1) * 1024 * mebibyte;
    execFileSync(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(import.meta.url), '--record', file, String(wanted)],
      { stdio: 'inherit' },
    );
    console.log(`recorded ${(statSync(file).size / mebibyte).toFixed(0)} MiB`);
    await replay(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
