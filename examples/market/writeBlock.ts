import { message, text } from 'rx-event-broker/vega';
import { type Simulation } from './simulation.js';
import { writeCancels, writeExpired, writeTrading } from './trading.js';
import { writeSetup } from './writeGenesis.js';

export interface Block {
  readonly height: number;
  /** Unix ns. */
  readonly time: bigint;
  /** How many orders traders try to place. */
  readonly orders: number;
  /** Whether it contains the events of a genesis block. */
  readonly first: boolean;
}

const second = 1_000_000_000n;
const blocksPerEpoch = 25;
const blocksPerSnapshot = 40;

/** Go's zero time, which is sent if a market has no next mark to market. */
const goZeroTime = -6_795_364_578_871_345_152n;

// The library has no codec for this type. An application has its own, and the payload is bytes for the library.
const TransactionError = message('TransactionError', { partyId: text(1), reason: text(2) });

const writeEpoch = ({ writer }: Simulation, { height, time }: Block): void => {
  const seq = Math.floor(height / blocksPerEpoch);
  const length = BigInt(blocksPerEpoch) * second;
  const expireTime = time + length;
  writer.add('EpochUpdate', { seq, action: 'end', startTime: time - length, expireTime: time, endTime: time });
  writer.add('EpochUpdate', { seq: seq + 1, action: 'start', startTime: time, expireTime, endTime: goZeroTime });
};

const writeMarketData = ({ exchange, writer }: Simulation, { time }: Block): void => {
  for (const { id, book, lastPrice, open } of exchange.markets) {
    const bid = book.best('buy');
    const offer = book.best('sell');
    writer.add('MarketData', {
      markPrice: String(lastPrice),
      bestBidPrice: String(bid.price),
      bestBidVolume: BigInt(bid.volume),
      bestOfferPrice: String(offer.price),
      bestOfferVolume: BigInt(offer.volume),
      midPrice: String(Math.floor((bid.price + offer.price) / 2)),
      market: id,
      timestamp: time,
      openInterest: BigInt(open.size),
      nextMarkToMarket: open.size === 0 ? goZeroTime : time + 5n * second,
    });
  }
};

/** One block, from its begin to its end. */
export const writeBlock = (simulation: Simulation, block: Block): void => {
  const { exchange, parties, random, writer } = simulation;
  const { height, time } = block;
  const hash = random.hash();
  writer.begin(height, hash);
  writer.add('BeginBlock', { height, timestamp: time, hash });
  writer.add('TimeUpdate', { timestamp: time });
  if (block.first) writeSetup(simulation);
  writeExpired(simulation, time);
  if (height % blocksPerEpoch === 0) writeEpoch(simulation, block);
  for (const { id } of exchange.markets) writer.add('MarketTick', { id, time: time / second });
  writeTrading(simulation, time, block.orders);
  writeCancels(simulation);
  if (random.oneIn(50)) {
    const partyId = parties[random.int(parties.length)]!;
    writer.transaction(random.hash());
    writer.add('TxError', TransactionError.encode({ partyId, reason: 'order not found' }));
    writer.transaction('');
  }
  writeMarketData(simulation, block);
  if (height % blocksPerSnapshot === 0) {
    writer.add('SnapshotTaken', {
      blockHeight: height,
      blockHash: hash,
      coreVersion: 'simulator',
      protocolUpgradeBlock: false,
    });
  }
  writer.add('EndBlock', { height });
};
