import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** 1,024 bytes, with the line feeds. */
const sixteenRows = Array.from({ length: 16 }, (_, i) => `${String(i).padStart(2, '0')},${'x'.repeat(60)}\n`).join('');

/** Writes a file of that many MiB, in rows of 64 bytes. */
export const writeBigFile = (file: string, mebibytes: number): Promise<void> => {
  const mebibyte = sixteenRows.repeat(1024);
  return pipeline(Readable.from(Array.from({ length: mebibytes }, () => mebibyte)), createWriteStream(file));
};

/** The file as a Node Readable: chunks of 256 KiB. */
export const chunksOf = (file: string): AsyncIterable<Uint8Array<ArrayBuffer>> =>
  createReadStream(file, { highWaterMark: 256 * 1024 });

/** The file as an async iterator: 4,096 rows at a time. */
export async function* batchesOf(file: string): AsyncIterable<string> {
  let rows: string[] = [];
  for await (const row of createInterface({ input: createReadStream(file) })) {
    rows.push(`${row}\n`);
    if (rows.length < 4096) continue;
    yield rows.join('');
    rows = [];
  }
  if (rows.length > 0) yield rows.join('');
}
