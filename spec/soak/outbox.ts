// `npm run soak:outbox [-- KILLS [SEED]]`: readers of an outbox are killed while three writers commit late and roll back; every
// committed row must be given, and only what was unsettled again. The default is 200 kills.
import { newDatabase } from '../store/sql/database.js';
import { runKilledReaders } from '../store/outbox/killing.js';

const [count = '200', seed = String(Math.floor(Math.random() * 2 ** 31))] = process.argv.slice(2);

/** Numbers from 0 to 1 by a seed (a linear congruence, good enough for choosing instants). */
const randomFrom = (start: number) => {
  let state = start >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
};

const database = await newDatabase();
if (database === undefined) process.exit(0);
const started = Date.now();
try {
  console.log(`${count} kills, seed ${seed}`);
  const { rows, repeats, unsettled, inWork } = await runKilledReaders(
    database,
    Number(count),
    randomFrom(Number(seed)),
    n => {
      if (n % 20 === 0) console.log(`${n} kills`);
    },
  );
  console.log(`${rows} committed rows, 0 lost; ${repeats} came again, of ${unsettled} that may have been unsettled`);
  console.log(`${inWork} kills hit unsettled rows; ${(Date.now() - started) / 1000} s`);
} finally {
  await database.drop();
}
