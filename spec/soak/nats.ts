// `npm run soak:nats [-- --kills N --seed S --replicas 3]`: half of the kills are of readers of a JetStream stream with their position
// in a KV bucket, and of the server beneath them: every message must be given, in order, and only what was not stored again. The other
// half are of owners of partitions that store them in PostgreSQL, at each step, at random, frozen past their lease, and of their
// server: every row must be stored once, in order, and after 40 of them each step must have been met. With `--replicas 3` the owners
// run on a cluster of three, whose leader is killed. The default is 1000 kills, and one server.
import { natsBinary } from '../nats/natsBinary.js';
import { killOwners } from '../nats/owners/killOwners.js';
import { ENOUGH, neverMet, troublesOf } from '../nats/owners/troubles.js';
import { runKilledReaders } from '../nats/source/killing.js';
import { newDatabase } from '../store/sql/database.js';

const argument = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const kills = argument('kills', 1000);
const replicas = argument('replicas', 1) === 3 ? 3 : 1;
const seed = argument('seed', Math.floor(Math.random() * 2 ** 31));

/** Numbers from 0 to 1 by a seed (a linear congruence, good enough for choosing instants). */
const randomFrom = (start: number) => {
  let state = start >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
};

const started = Date.now();
const seconds = (): string => `${((Date.now() - started) / 1000).toFixed(0)} s`;
const inWords = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([what, count]) => `${count} ${what}`).join(', ') || 'none';
const every20 = (n: number, line: string): void => {
  if (n % 20 === 0) console.log(`${n} ${line}; ${seconds()}`);
};

const ofReaders = Math.floor(kills / 2);
const binary = natsBinary('npm run soak:nats');
const database = binary === undefined ? undefined : await newDatabase();
if (binary === undefined || database === undefined) process.exit(0);
console.log(`${kills} kills, seed ${seed}`);
try {
  const owners = await killOwners({
    binary,
    replicas,
    database,
    troubles: troublesOf(kills - ofReaders),
    random: randomFrom(seed),
    leaseFor: 2500,
    told: (n, { blocks, taken, longest }) =>
      every20(
        n,
        `owners killed: ${blocks} blocks, partitions taken ${taken} times, the longest standstill ${(longest / 1000).toFixed(1)} s`,
      ),
  });
  console.log(
    `owners: ${owners.blocks} blocks, 0 lost, stored twice or out of order; partitions taken ${owners.taken} times; ` +
      `late commits refused: ${inWords(owners.refused)}; the longest standstill of a partition ${(owners.longest / 1000).toFixed(1)} s`,
  );
  const missed = neverMet(owners.met);
  console.log(`met: ${inWords(owners.met)}; never: ${missed.join(', ') || 'none'}`);
  if (missed.length > 0 && kills - ofReaders >= ENOUGH) throw new Error(`never met: ${missed.join(', ')}`);
  const readers = await runKilledReaders(
    binary,
    { kills: ofReaders, serverKills: ofReaders / 5, random: randomFrom(seed) },
    (n, { messages, repeats }) => every20(n, `readers killed: ${messages} messages, ${repeats} came again`),
  );
  console.log(
    `readers: ${readers.messages} messages, 0 lost; ${readers.repeats} came again, of ${readers.unstored} that were not stored; ` +
      `${readers.inWork} kills hit unsettled messages; the server was killed ${readers.serverKills} times`,
  );
  console.log(`${kills} kills; ${seconds()}`);
} finally {
  await database.drop();
}
