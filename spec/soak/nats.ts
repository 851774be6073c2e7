// `npm run soak:nats [-- --kills N --seed S]`: readers of a JetStream stream are killed at random, and the server beneath them;
// every message must be given, in order, and only what was not stored again. The default is 1000 kills.
import { natsBinary } from '../nats/natsBinary.js';
import { runKilledReaders } from '../nats/source/killing.js';

const argument = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const kills = argument('kills', 1000);
const seed = argument('seed', Math.floor(Math.random() * 2 ** 31));

/** Numbers from 0 to 1 by a seed (a linear congruence, good enough for choosing instants). */
const randomFrom = (start: number) => {
  let state = start >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
};

const binary = natsBinary('npm run soak:nats');
if (binary === undefined) process.exit(0);
const started = Date.now();
console.log(`${kills} kills of the reader, seed ${seed}`);
const result = await runKilledReaders(binary, { kills, serverKills: kills / 5, random: randomFrom(seed) }, n => {
  if (n % 20 === 0) console.log(`${n} kills`);
});
console.log(
  `${result.messages} messages, 0 lost; ${result.repeats} came again, of ${result.unstored} that were not stored`,
);
console.log(
  `${result.inWork} kills hit unsettled messages; the server was killed ${result.serverKills} times; ${(Date.now() - started) / 1000} s`,
);
