import { assets, type Simulation, writeAccount } from './simulation.js';

const enabled = 4;

/** Assets, parties, and the initial balance of each party. */
export const writeSetup = (simulation: Simulation): void => {
  const { exchange, parties, random, writer } = simulation;
  for (const id of assets) writer.add('Asset', { id, details: new Uint8Array(0), status: enabled });
  for (const party of parties) {
    writer.add('Party', { id: party });
    for (const asset of assets) {
      const balance = asset === 'usd' ? 50_000_000 + random.int(50_000_000) : 5_000 + random.int(5_000);
      exchange.accounts.open({ id: random.hash(), owner: party, asset, balance });
      writeAccount(simulation, party, asset);
    }
  }
};

/** The genesis block: everything that exists before the first trade. */
export const writeGenesis = (simulation: Simulation, height: number, time: bigint): void => {
  const { random, writer } = simulation;
  const hash = random.hash();
  writer.begin(height, hash);
  writer.add('BeginBlock', { height, timestamp: time, hash });
  writer.add('TimeUpdate', { timestamp: time });
  writeSetup(simulation);
  writer.add('EndBlock', { height });
};
