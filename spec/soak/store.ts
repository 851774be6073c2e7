// `npm run soak:store [-- KILLS [SEED]]`: a child that stores a chain in PostgreSQL is killed at every step of a block's
// life and at random instants; every block must be stored once. The default is 200 kills.
import { newDatabase } from '../store/sql/database.js';
import { STEPS } from '../store/kill/killChain.js';
import { killsFor, runKilled } from '../store/kill/killing.js';

const [count = '200', seed = String(Math.floor(Math.random() * 2 ** 31))] = process.argv.slice(2);

/** Numbers from 0 to 1 by a seed (a linear congruence, good enough for choosing instants). */
const randomFrom = (start: number) => {
  let state = start >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
};

const database = await newDatabase();
if (database === undefined) process.exit(0);
const client = await database.connect();
const started = Date.now();
try {
  console.log(`${count} kills, seed ${seed}`);
  let n = 0;
  const { met, conflicts } = await runKilled(
    database.url,
    client,
    killsFor(Number(count), randomFrom(Number(seed))),
    where => {
      if (++n % 20 === 0) console.log(`${n} kills, the last one at "${where}"`);
    },
  );
  const steps = met.map(where => where.replace(/ \d+ \w+$/, ''));
  const hits = STEPS.map(step => `${step} ${steps.filter(one => one === step).length}`);
  const missed = STEPS.filter(step => !steps.includes(step));
  console.log(`every block once. Killed at: ${hits.join(', ')}`);
  console.log(`restarts that met a dying transaction: ${conflicts}; ${(Date.now() - started) / 1000} s`);
  if (missed.length > 0) throw new Error(`expected every step to be hit, missed ${missed.join(', ')}`);
} finally {
  await client.end();
  await database.drop();
}
