// `npm run soak:web [-- --over sse|ws|plain|worker --clients N --stalled N --minutes N]`: clients on the loopback, some of which
// do not read. Memory must not grow by 20 MiB after the warm-up, the others must miss nothing, and each client's received and
// told as missed must be what was offered. `plain` writes to each response without looking: that grows. The default is `sse`,
// then `ws` and `worker`, with 1000 clients, 10 of them stalled, five minutes each.
import { setTimeout as sleep } from 'node:timers/promises';
import { manyClients, type ManyClients } from '../web/manyClients.js';
import { slowWorker } from '../web/slowWorker.js';

const argument = (name: string, otherwise: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? '');
};
const clients = Number(argument('clients', '1000'));
const stalled = Number(argument('stalled', '10'));
const milliseconds = Number(argument('minutes', '5')) * 60_000;
const MEBIBYTE = 2 ** 20;
const MOST_GROWTH = 20;
/** The part of the time after which nothing may grow. */
const WARM_UP = 0.2;

/** The sizes over time, and how much they have grown since the warm-up, in MiB. */
const growing = () => {
  const began = Date.now();
  let warm: number | undefined;
  let growth = 0;
  let said = 0;
  return {
    goesOn: () => Date.now() - began < milliseconds,
    measured: (bytes: number, parts?: NodeJS.MemoryUsage): void => {
      if (Date.now() - began < WARM_UP * milliseconds) return;
      warm ??= bytes;
      growth = Math.max(growth, (bytes - warm) / MEBIBYTE);
      const seconds = Math.round((Date.now() - began) / 1000);
      if (seconds < said + 5) return;
      said = seconds;
      const { heapUsed = 0, external = 0, arrayBuffers = 0 } = parts ?? {};
      const inMain = [heapUsed, external, arrayBuffers].map(part => (part / MEBIBYTE).toFixed(1)).join(', ');
      const detail = parts === undefined ? '' : `; heap, external and buffers of the main thread: ${inMain}`;
      console.log(`${seconds} s: ${(bytes / MEBIBYTE).toFixed(1)} MiB${detail}`);
    },
    growth: () => growth,
  };
};

const check = (what: string, isRight: boolean): void => {
  console.log(`${isRight ? 'yes' : 'NO '}  ${what}`);
  if (!isRight) process.exitCode = 1;
};

const soakClients = async (over: ManyClients['over']): Promise<void> => {
  console.log(`${over}: ${clients} clients, ${stalled} of them stalled, ${milliseconds / 60_000} minutes`);
  const { goesOn, measured, growth } = growing();
  const { offered, counts, droppedForOthers, droppedForStalled } = await manyClients({
    over,
    clients,
    stalled,
    stalledBytes: 64 * 1024,
    pace: async () => {
      await sleep(100);
      return goesOn();
    },
    measured: bytes => measured(bytes),
  });
  const wrong = counts.filter(({ received, missed }) => received + missed !== offered);
  console.log(`${offered} events offered to each; ${droppedForStalled} dropped for the stalled`);
  check(`${growth().toFixed(1)} MiB more after the warm-up, less than ${MOST_GROWTH}`, growth() < MOST_GROWTH);
  check('each has received, or was told, what was offered', wrong.length === 0);
  check('the others have missed nothing', droppedForOthers === 0);
  check(
    'in order',
    counts.every(({ disorder }) => disorder === 0),
  );
};

const soakWorker = async (): Promise<void> => {
  console.log(`worker: a slow one, ${milliseconds / 60_000} minutes`);
  const { goesOn, measured, growth } = growing();
  const { offered, received, missed } = await slowWorker(async n => {
    if (n % 20 === 0) await sleep(1);
    return goesOn();
  }, measured);
  console.log(`${offered} events offered, ${received} received, ${missed} told`);
  check(`${growth().toFixed(1)} MiB more after the warm-up, less than ${MOST_GROWTH}`, growth() < MOST_GROWTH);
  check('it has received, or was told, what was offered', received + missed === offered);
};

const over = argument('over', 'all');
if (over === 'all' || over === 'sse') await soakClients('sse');
if (over === 'all' || over === 'ws') await soakClients('ws');
if (over === 'all' || over === 'worker') await soakWorker();
if (over === 'plain') await soakClients('plain');
