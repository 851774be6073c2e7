// npm run bench -- socket-memory [MiB]: 1 GiB through a slow consumer; memory stays flat (promise N6).
//
// A child process sends messages of 64 KiB through socketClient, paused by its full write buffer; the consumer pauses the
// server after each mebibyte for 2 ms. Resident memory of both processes is read every 16 MiB.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BehaviorSubject } from 'rxjs';
import { fromPull } from '../../lib/flow/pull/fromPull.js';
import { socketClient } from '../../lib/source/socket/socketClient.js';
import { socketServer } from '../../lib/source/socket/socketServer.js';

const messageBytes = 65_536;
const perMiB = 2 ** 20 / messageBytes;
const boundMiB = 128;
const rssMiB = () => process.memoryUsage.rss() / 2 ** 20;

/** The child: reports the peak growth of its memory to its parent. */
const send = (port: number, mebibytes: number) => {
  const first = rssMiB();
  let most = 0;
  const messages = function* () {
    for (let i = 0; i < mebibytes * perMiB; i++) {
      if (i % (16 * perMiB) === 0) most = Math.max(most, rssMiB() - first);
      yield new Uint8Array(messageBytes);
    }
  };
  socketClient({ host: '127.0.0.1', port, messages$: pause$ => fromPull(messages, { pause$ }) }).subscribe({
    complete: () => process.send?.(most),
  });
};

const receive = (mebibytes: number) =>
  new Promise<{ readonly server: number; readonly client: number; readonly seconds: number }>((resolve, reject) => {
    const pause$ = new BehaviorSubject(false);
    const first = rssMiB();
    const began = performance.now();
    let received = 0;
    let most = 0;
    const serving = socketServer({
      port: 0,
      pause$,
      listening: {
        next: ({ port }) =>
          fork(fileURLToPath(import.meta.url), ['--send', String(port), String(mebibytes)]).once('message', client => {
            serving.unsubscribe();
            resolve({ server: most, client: Number(client), seconds: (performance.now() - began) / 1000 });
          }),
      },
    }).subscribe({
      next: () => {
        received++;
        if (received % (16 * perMiB) === 0) most = Math.max(most, rssMiB() - first);
        if (received % perMiB !== 0) return;
        pause$.next(true);
        setTimeout(() => pause$.next(false), 2);
      },
      error: reject,
    });
  });

if (process.argv[2] === '--send') send(Number(process.argv[3]), Number(process.argv[4]));
else {
  const mebibytes = Number(process.argv[3] ?? 1024);
  const { server, client, seconds } = await receive(mebibytes);
  console.log(`${mebibytes} MiB in ${seconds.toFixed(1)} s through a consumer that pauses each MiB`);
  console.log(
    `resident memory grew by at most: server ${server.toFixed(0)} MiB, client ${client.toFixed(0)} MiB (bound ${boundMiB})`,
  );
  if (!(server < boundMiB && client < boundMiB)) process.exitCode = 1;
}
