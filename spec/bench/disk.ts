// npm run bench -- disk [MIB]: the disk buffer against what it stands on, in one run; records of 300 bytes.
import {
  closeSync,
  existsSync,
  fdatasync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  write,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BehaviorSubject, EMPTY, NEVER, Observable } from 'rxjs';
import { bufferOnDisk, type BufferOnDiskOptions } from '../../lib/node.js';
import { headerBytes, printRecord } from '../../lib/source/disk/record.js';
import { RecordFramer } from '../../lib/source/disk/RecordFramer.js';

const mebibytes = Number(process.argv[3] ?? 200);
const messageBytes = 300;
const recordBytes = headerBytes + messageBytes;
const chunkBytes = 64 * 1024;
const count = Math.floor((mebibytes * 1024 * 1024) / recordBytes);
const folder = mkdtempSync(join(tmpdir(), 'rx-event-broker-bench-'));
const message = new Uint8Array(messageBytes).fill(7);
const never = new BehaviorSubject(true);

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  globalThis.gc?.();
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
};
/** The middle one of three. */
const best = async (work: (round: number) => Promise<number>): Promise<number> => {
  const seconds = [await work(0), await work(1), await work(2)].sort((a, b) => a - b);
  return seconds[1]!;
};

/** Emits `records` messages as fast as it may; `sent` when the last one has gone. */
const firehose =
  (records: number, sent: () => void) =>
  (pause$: Observable<boolean>): Observable<Uint8Array> =>
    new Observable(subscriber => {
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
          subscriber.complete();
        }
      };
      subscriber.add(
        pause$.subscribe(level => {
          isPaused = level;
          if (!level) run();
        }),
      );
    });

/** Writes records through a buffer whose consumer is paused, until all of them are in the file; then lets it go. */
const buffer = async (
  directory: string,
  records: number,
  sync: NonNullable<BufferOnDiskOptions['sync']>,
): Promise<number> => {
  const file = join(directory, 'datanode-buffer-1-10000000.bevt');
  const isWritten = () => existsSync(file) && statSync(file).size === records * recordBytes;
  const begun = performance.now();
  let seconds = 0;
  await new Promise<void>((resolve, reject) => {
    const look = () => {
      if (!isWritten()) {
        setImmediate(look);
        return;
      }
      seconds = (performance.now() - begun) / 1000;
      subscription.unsubscribe();
    };
    const notices = { next: ({ type }: { readonly type: string }) => type === 'Released' && resolve() };
    const options = { directory, sync, notices, maxBufferedBytes: 1e12 };
    const subscription = bufferOnDisk(firehose(records, look), options)(never).subscribe({ error: reject });
  });
  return seconds;
};

const writeChunks = async (): Promise<void> => {
  const file = join(folder, 'chunks');
  const fd = openSync(file, 'w');
  const chunk = new Uint8Array(chunkBytes).fill(7);
  const writeAsync = promisify(write);
  for (let bytes = 0; bytes < count * recordBytes; bytes += chunkBytes) await writeAsync(fd, chunk, 0, chunkBytes);
  closeSync(fd);
};

const readBack = (directory: string): Promise<void> =>
  new Promise((resolve, reject) => {
    let seen = 0;
    const notices = { next: ({ type }: { readonly type: string }) => type === 'Released' && finish() };
    const finish = () => (seen === count ? resolve() : reject(new Error(`${seen} of ${count} records`)));
    bufferOnDisk(EMPTY, { directory, notices })(NEVER).subscribe({ next: () => seen++, error: reject });
  });

const frame = (file: string): Promise<void> => {
  const bytes = readFileSync(file);
  const chunks = Array.from(
    { length: Math.ceil(bytes.length / chunkBytes) },
    (_, at) => new Uint8Array(bytes.subarray(at * chunkBytes, (at + 1) * chunkBytes)),
  );
  let seen = 0;
  return timed(() => {
    const framer = new RecordFramer(file, messageBytes);
    for (const chunk of chunks) {
      framer.push(chunk);
      while (framer.take() !== undefined) seen++;
    }
    framer.finish();
    return Promise.resolve(seen);
  }).then(seconds => {
    framing.push(seconds);
  });
};
const framing: number[] = [];

const syncEach = async (records: number): Promise<void> => {
  const fd = openSync(join(folder, 'each'), 'w');
  const sync = promisify(fdatasync);
  for (let at = 0; at < records; at++) {
    writeSync(fd, printRecord(at, message));
    await sync(fd);
  }
  closeSync(fd);
};

const report = (name: string, ratio: number, goal: number, detail: string) => {
  console.log(`${ratio >= goal ? 'ok  ' : 'LESS'} ${name}: ${ratio.toFixed(2)} (goal ${goal}); ${detail}`);
  if (ratio < goal) process.exitCode = 1;
};
const rate = (seconds: number) => `${(mebibytes / seconds).toFixed(0)} MiB/s`;

try {
  const raw = await best(() => timed(writeChunks));
  const written = await best(round => buffer(join(folder, `write${round}`), count, 'never'));
  report('writing without sync / 64 KiB writes', raw / written, 0.7, `${rate(written)} / ${rate(raw)}`);

  const read = await best(round => timed(() => readBack(join(folder, `write${round}`))));
  for (let round = 0; round < 3; round++) await frame(join(folder, 'write0', 'datanode-buffer-1-10000000.bevt'));
  const framed = framing.sort((a, b) => a - b)[1]!;
  report('reading back / framing alone', framed / read, 0.5, `${rate(read)} / ${rate(framed)}`);

  const few = 500;
  const each = (await timed(() => syncEach(few))) / few;
  const many = 200_000;
  const grouped = (await buffer(join(folder, 'grouped'), many, { everyMs: 5 })) / many;
  const perSecond = (seconds: number) => `${(1 / seconds).toFixed(0)} records/s`;
  report('everyMs: 5 / one fdatasync a record', each / grouped, 20, `${perSecond(grouped)} / ${perSecond(each)}`);
} finally {
  rmSync(folder, { recursive: true });
}
