// A program whose every event fails and is parked, and which replays what is parked at the same time, for its parent to kill it.
//   node child.mjs FOLDER|DATABASE_URL FROM [drain]
// It reports on a line: `parked N` once it is stored, `went N` when the replay's consumer is done with it, and `removed` when a
// replay has completed: then what went before is gone from the parking.
import { writeSync } from 'node:fs';
import { Client } from 'pg';
import { lastValueFrom } from 'rxjs';
import type { Parking } from '../../../lib/flow/contract/Parking.js';
import { park } from '../../../lib/flow/strategies/park.js';
import { backpressure } from '../../../lib/operators/backpressure.js';
import { fromPull } from '../../../lib/flow/pull/fromPull.js';
import { fileParking } from '../../../lib/source/disk/parking/fileParking.js';
import { sqlParking } from '../../../lib/store/parking/sqlParking.js';
import type { Pausable } from '../../../lib/flow/contract/Pausable.js';

interface Job {
  readonly n: number;
}

const [where = '', from = '1', mode] = process.argv.slice(2);

const open = async (): Promise<Parking<Job>> => {
  if (!where.startsWith('postgres')) return fileParking<Job>(where);
  const client = new Client({ connectionString: where });
  client.on('error', () => undefined);
  await client.connect();
  return sqlParking<Job>({ client });
};

const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};
const fail = (error: unknown): void => {
  writeSync(2, `${String(error)}\n`);
  process.exit(3);
};

const parking = await open();

const numbers = function* (): Generator<Job> {
  for (let n = Number(from); ; n++) yield { n };
};
const jobs: Pausable<Job> = pause$ => fromPull(numbers, { pause$ });

if (mode !== 'drain')
  backpressure(jobs, {
    name: 'jobs',
    required: true,
    highWaterMark: 10,
    onFailure: park(parking, { by: ({ n }) => n % 3 }),
    notices: {
      next: notice => {
        if (notice.type === 'Parked') for (const { n } of notice.events) say(`parked ${n}`);
      },
    },
    // as a failing request would: the replay gets its turn
    project: () => new Promise((_, reject) => setTimeout(reject, 1, new Error('no'))),
  }).subscribe({ error: fail });

let said = 0;
const replay = () =>
  backpressure(parking.replay({ limit: 7 }), {
    required: true,
    project: async ({ n }) => {
      say(`went ${n}`);
      said++;
      await Promise.resolve();
    },
  });

for (;;) {
  const given = said;
  try {
    await lastValueFrom(replay(), { defaultValue: undefined });
  } catch (error) {
    // the connection of the one that was killed before still has its lock
    if ((error as Error).name !== 'ReplayRunningError') fail(error);
  }
  if (said > given) say('removed');
  if (mode === 'drain' && (await parking.list({ limit: 1 })).length === 0) process.exit(0);
  await new Promise(resolve => setImmediate(resolve));
}
