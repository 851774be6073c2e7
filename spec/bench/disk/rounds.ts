// `rounds.js [MIB]`: the disk buffer against what it stands on, in one run; records of 300 bytes.
import {
  closeSync,
  cpSync,
  fdatasync,
  fdatasyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  write,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BehaviorSubject, Observable } from 'rxjs';
import { bufferOnDisk, type BufferOnDiskOptions } from '../../../lib/node.js';
import { SettledCount } from '../../../lib/flow/settlement/SettledCount.js';
import { HEADER_BYTES, printRecord } from '../../../lib/source/disk/format/record.js';
import { RecordFramer } from '../../../lib/source/disk/recordings/RecordFramer.js';

const mebibytes = Number(process.argv[2] ?? 200);
const rounds = 7;
const messageBytes = 300;
const recordBytes = HEADER_BYTES + messageBytes;
const chunkBytes = 64 * 1024;
const count = Math.floor((mebibytes * 1024 * 1024) / recordBytes);
const folder = mkdtempSync(join(tmpdir(), 'rx-event-broker-bench-'));
const message = new Uint8Array(messageBytes).fill(7);
const fileName = 'datanode-buffer-1-10000000.bevt';

/** Emits `records` messages as fast as it may; tells when it is subscribed, which is when the folder is open, and when it has
 * sent the last one. */
const firehose =
  (records: number, begins: () => void, sent: () => void) =>
  (pause$: Observable<boolean>): Observable<Uint8Array> =>
    new Observable(subscriber => {
      begins();
      let isPaused = false;
      let at = 0;
      const run = () => {
        while (!isPaused && at < records) {
          at++;
          subscriber.next(message);
        }
        if (at === records) {
          at++;
          sent();
        }
      };
      subscriber.add(
        pause$.subscribe(level => {
          isPaused = level;
          if (!level) run();
        }),
      );
    });

/** Seconds from the open folder until all records are in the file. Nothing is read during that time. */
const writeBuffer = (
  directory: string,
  records: number,
  sync: NonNullable<BufferOnDiskOptions['sync']>,
): Promise<number> =>
  new Promise((resolve, reject) => {
    let begun = 0;
    let seconds = 0;
    const look = () => {
      if (statSync(join(directory, fileName)).size < records * recordBytes) {
        setTimeout(look, 1);
        return;
      }
      seconds = (performance.now() - begun) / 1000;
      subscription.unsubscribe();
    };
    const source = firehose(records, () => (begun = performance.now()), look);
    const notices = { next: ({ type }: { readonly type: string }) => type === 'Released' && resolve(seconds) };
    const options = { settlement: 'none' as const, directory, sync, notices, maxBufferedBytes: 1e12 };
    const subscription = bufferOnDisk(source, options)(new BehaviorSubject(true)).subscribe({ error: reject });
  });

/** The same bytes, one write after the other; synced afterwards, as the buffer is when it is left. */
const writeChunks = async (file: string): Promise<number> => {
  const fd = openSync(file, 'w');
  const chunk = new Uint8Array(chunkBytes).fill(7);
  const writeAsync = promisify(write);
  const begun = performance.now();
  for (let bytes = 0; bytes < count * recordBytes; bytes += chunkBytes) await writeAsync(fd, chunk, 0, chunkBytes);
  const seconds = (performance.now() - begun) / 1000;
  fdatasyncSync(fd);
  closeSync(fd);
  return seconds;
};

/** Seconds from the open folder to the last record; each is settled when it is given, or there is no settlement. */
const readBuffer = (directory: string, isSettled = false): Promise<number> =>
  new Promise((resolve, reject) => {
    let begun = 0;
    let seconds = 0;
    let seen = 0;
    const settlement = new SettledCount({ received: 0, settled: 0 }, () => undefined);
    const isPaused$ = new BehaviorSubject(true);
    const source = new Observable<never>(() => {
      setImmediate(() => {
        begun = performance.now();
        isPaused$.next(false);
      });
    });
    const notices = { next: ({ type }: { readonly type: string }) => type === 'Released' && resolve(seconds) };
    const next = () => {
      seen++;
      if (isSettled) settlement.settle((settlement.received = seen));
      if (seen < count) return;
      seconds = (performance.now() - begun) / 1000;
      subscription.unsubscribe();
    };
    const options = { directory, notices, ...(!isSettled && { settlement: 'none' as const }) };
    const subscription = bufferOnDisk(source, options)(isPaused$, settlement).subscribe({ next, error: reject });
  });

/** The same bytes read into memory of their own, as messages need it that may be kept, and nothing done with them. */
const readAlone = async (path: string): Promise<number> => {
  const handle = await open(path);
  let position = 0;
  const ask = () => {
    const chunks = Array.from({ length: 16 }, () => Buffer.allocUnsafeSlow(chunkBytes));
    const asked = handle.readv(chunks, position);
    position += 16 * chunkBytes;
    return asked;
  };
  const begun = performance.now();
  while ((await ask()).bytesRead > 0);
  const seconds = (performance.now() - begun) / 1000;
  await handle.close();
  return seconds;
};

/** The framer's work on the same bytes in memory. Each message is passed to a function. */
const frame = (file: string): number => {
  const bytes = readFileSync(file);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, at) =>
    Uint8Array.from(bytes.subarray(at * chunkBytes, (at + 1) * chunkBytes)),
  );
  globalThis.gc?.();
  let seen = 0;
  const framer = new RecordFramer(file, messageBytes);
  const begun = performance.now();
  for (const chunk of chunks) {
    framer.push(chunk);
    while (framer.take() !== undefined) seen++;
  }
  framer.finish();
  const seconds = (performance.now() - begun) / 1000;
  if (seen !== count) throw new Error(`${seen} of ${count} records`);
  return seconds;
};

const syncEach = async (records: number): Promise<number> => {
  const fd = openSync(join(folder, 'each'), 'w');
  const sync = promisify(fdatasync);
  const begun = performance.now();
  for (let at = 0; at < records; at++) {
    writeSync(fd, printRecord(at, message));
    await sync(fd);
  }
  const seconds = (performance.now() - begun) / 1000;
  closeSync(fd);
  return seconds;
};

/** The seconds of each round, beside those of its baseline. */
interface Pair {
  readonly ours: number[];
  readonly yardstick: number[];
}
const pair = (): Pair => ({ ours: [], yardstick: [] });

/** By the best round of each, which is the one that others on the machine disturbed least; and how the rounds differ. */
const report = (name: string, { ours, yardstick }: Pair, goal: number, unit: string, amount: number) => {
  const ratio = Math.min(...yardstick) / Math.min(...ours);
  const ratios = ours.map((seconds, round) => yardstick[round]! / seconds);
  const spread = `rounds ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
  const rate = (seconds: readonly number[]) => (amount / Math.min(...seconds)).toFixed(0);
  console.log(
    `${ratio >= goal ? 'ok  ' : 'LESS'} ${name}: ${ratio.toFixed(2)} (goal ${goal}; ${spread}); ` +
      `${rate(ours)} / ${rate(yardstick)} ${unit}`,
  );
  if (ratio < goal) process.exitCode = 1;
};

try {
  const [writing, reading, fetching, settling, grouping] = [pair(), pair(), pair(), pair(), pair()];
  const few = 200;
  const many = 200_000;
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    const isCounted = round > 0;
    const note = (seconds: number, into: number[]) => isCounted && into.push(seconds);
    const [buffer, copy, grouped, chunks] = ['buffer', 'copy', 'grouped', 'chunks'].map(name =>
      join(folder, `${name}${round}`),
    ) as [string, string, string, string];
    globalThis.gc?.();
    note(await writeChunks(chunks), writing.yardstick);
    rmSync(chunks);
    globalThis.gc?.();
    note(await writeBuffer(buffer, count, 'never'), writing.ours);
    note(frame(join(buffer, fileName)), reading.yardstick);
    globalThis.gc?.();
    note(await readAlone(join(buffer, fileName)), fetching.yardstick);
    cpSync(buffer, copy, { recursive: true });
    globalThis.gc?.();
    const seconds = await readBuffer(buffer);
    note(seconds, reading.ours);
    note(seconds, fetching.ours);
    note(seconds, settling.yardstick);
    rmSync(buffer, { recursive: true });
    globalThis.gc?.();
    note(await readBuffer(copy, true), settling.ours);
    rmSync(copy, { recursive: true });
    note((await syncEach(few)) / few, grouping.yardstick);
    note((await writeBuffer(grouped, many, { everyMs: 5 })) / many, grouping.ours);
    rmSync(grouped, { recursive: true });
  }
  report('writing without sync / 64 KiB writes', writing, 0.7, 'MiB/s', mebibytes);
  report('reading back / framing alone', reading, 0.5, 'MiB/s', mebibytes);
  report('reading back / the same reads, nothing done with them', fetching, 0.3, 'MiB/s', mebibytes);
  report('reading back, each settled in a step of its own / without a settlement', settling, 0.1, 'MiB/s', mebibytes);
  report('everyMs: 5 / one fdatasync a record', grouping, 20, 'records/s', 1);
} finally {
  rmSync(folder, { recursive: true });
}
