// A big file is uploaded piece by piece to a slow server: once as a Node Readable, once as an async iterator over its rows.
// Look at the heap and the buffers: they stay flat for any size of the file (give it in MiB after the name).
// Look at how few pieces were read ahead: the file is read only as fast as the server accepts it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Observable, tap } from 'rxjs';
import { fromFetch } from 'rxjs/fetch';
import { backpressure, fromPull } from 'rx-event-broker';
import { batchesOf, chunksOf, writeBigFile } from './bigFile.js';
import { memoryInUse } from './memoryInUse.js';
import { slowServer } from './slowServer.js';

type Piece = Uint8Array<ArrayBuffer> | string;

/** Emits for each uploaded piece how many pieces had been read but not yet uploaded. */
const upload = (open: () => AsyncIterable<Piece>, url: string): Observable<number> => {
  let ahead = 0;
  return backpressure(pause$ => fromPull(open, { pause$ }).pipe(tap(() => ahead++)), {
    required: true,
    highWaterMark: 4,
    project: piece =>
      fromFetch(url, { method: 'POST', body: piece, selector: async response => (await response.text(), ahead--) }),
  });
};

export const main = async (print: (line: string) => void, mebibytes: number): Promise<void> => {
  const directory = await mkdtemp(join(tmpdir(), 'rx-event-broker-big-file-'));
  const file = join(directory, 'big.csv');
  const server = await slowServer();
  const show = async (what: string, open: () => AsyncIterable<Piece>): Promise<void> => {
    print(`${mebibytes} MiB as ${what}`);
    const before = server.received();
    const arrived = (): number => (server.received() - before) / 1024 ** 2;
    let most = 0;
    let quarter = 1;
    await upload(open, server.url).forEach(ahead => {
      most = Math.max(most, ahead);
      if (arrived() < (quarter * mebibytes) / 4) return;
      const { heap, buffers } = memoryInUse();
      print(`  ${25 * quarter++} % uploaded: heap ${heap.toFixed(1)} MiB, buffers ${buffers.toFixed(1)} MiB`);
    });
    print(`  ${arrived()} MiB arrived, at most ${most} pieces were read ahead`);
  };
  try {
    await writeBigFile(file, mebibytes);
    await show('chunks of a Node Readable', () => chunksOf(file));
    await show('rows of an async iterator, 4,096 at a time', () => batchesOf(file));
  } finally {
    server.close();
    await rm(directory, { recursive: true });
  }
};
