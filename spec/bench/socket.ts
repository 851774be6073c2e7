// npm run bench -- socket [records]: from a socket to a subscriber, against raw node:net with the same frames.
//
// A child process sends records of 300 bytes, framed once and sent as blocks, as fast as they are taken. Raw: a node:net
// server that reads the bytes and walks from length to length, which is the least that can be done with frames; and
// bytes only, for comparison. Rounds alternate, the best of each counts.
import { fork } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { greeting } from '../../lib/source/socket/greeting.js';
import { encodeFrame } from '../../lib/source/socket/frame.js';
import { socketServer } from '../../lib/source/socket/socketServer.js';

const recordBytes = 300;
const frameBytes = 8 + recordBytes;
const perBlock = 212;

/** The child: `records` records to `port`. */
const send = (port: number, records: number) => {
  const block = Buffer.concat(
    Array.from({ length: perBlock }, (_, i) => encodeFrame(new Uint8Array(recordBytes).fill(i))),
  );
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  socket.on('error', () => {}).resume();
  socket.write(greeting);
  let left = Math.ceil(records / perBlock);
  const more = () => {
    while (left-- > 0) if (!socket.write(block)) return;
    socket.end();
  };
  socket.on('drain', more);
  more();
};

const ours = (records: number) =>
  new Promise<number>((resolve, reject) => {
    let received = 0;
    let began = 0;
    const served = socketServer({ port: 0, listening: { next: ({ port }) => child(port, records) } }).subscribe({
      next: message => {
        if (received++ === 0) began = performance.now();
        if (message.length !== recordBytes) throw new Error('not a record');
        if (received < records) return;
        served.unsubscribe();
        resolve(records / (performance.now() - began));
      },
      error: reject,
    });
  });

const raw = (records: number, walk: boolean) =>
  new Promise<number>(resolve => {
    const server = createServer({ noDelay: true, highWaterMark: 65_536 }, socket => {
      let skip = greeting.length;
      let bytes = 0;
      let received = 0;
      let began = 0;
      socket.write(greeting);
      socket.on('error', () => {});
      socket.on('data', chunk => {
        if (began === 0) began = performance.now();
        bytes += chunk.length;
        if (walk) {
          // The frames are of one size, so a header that is cut in two need not be put together.
          let at = skip;
          while (at + 8 <= chunk.length) {
            at += 8 + chunk.readUInt32BE(at) * 2 ** 32 + chunk.readUInt32BE(at + 4);
            received++;
          }
          skip = at < chunk.length ? at + frameBytes - chunk.length : at - chunk.length;
          if (at < chunk.length) received++;
        } else received = Math.floor((bytes - greeting.length) / frameBytes);
        if (received < records) return;
        socket.destroy();
        server.close(() => resolve(records / (performance.now() - began)));
      });
    });
    server.listen(0, '127.0.0.1', () => child((server.address() as AddressInfo).port, records));
  });

const child = (port: number, records: number) =>
  fork(fileURLToPath(import.meta.url), ['--send', String(port), String(records)], { stdio: 'inherit' });

if (process.argv[2] === '--send') send(Number(process.argv[3]), Number(process.argv[4]));
else {
  const records = Number(process.argv[3] ?? 1_000_000);
  const best = { ours: 0, raw: 0, bytes: 0 };
  for (let round = 0; round < 5; round++) {
    best.ours = Math.max(best.ours, await ours(records));
    best.raw = Math.max(best.raw, await raw(records, true));
    best.bytes = Math.max(best.bytes, await raw(records, false));
  }
  const line = (name: string, perMs: number) =>
    console.log(
      `${name.padEnd(34)} ${Math.round(perMs * 1000)
        .toLocaleString('en')
        .padStart(12)} records/s`,
    );
  line('socketServer to subscriber', best.ours);
  line('raw node:net, frames walked', best.raw);
  line('raw node:net, bytes only', best.bytes);
  const ratio = best.ours / best.raw;
  console.log(
    `ratio to frames walked ${ratio.toFixed(2)} (at least 0.70), to bytes only ${(best.ours / best.bytes).toFixed(2)}`,
  );
  if (!(ratio >= 0.7)) process.exitCode = 1;
}
