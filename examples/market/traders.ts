import type { ExchangeMarket, ExchangeOrder } from './exchange.js';
import type { Random } from './random.js';

const second = 1_000_000_000n;

/** The next order of a random trader in a market, at a price near the last one. */
export const nextOrder = (random: Random, market: ExchangeMarket, party: string, now: bigint): ExchangeOrder => {
  const side = random.oneIn(2) ? 'buy' : 'sell';
  const type = random.oneIn(8) ? 'market' : 'limit';
  // Most limit orders keep a small distance, and some cross the spread. A market order accepts any price in reach.
  const away = type === 'market' ? -50 : random.int(14) - 3;
  const size = 1 + random.int(20);
  return {
    id: random.hash(),
    party,
    side,
    type,
    price: Math.max(1, market.lastPrice + (side === 'buy' ? -away : away)),
    size,
    remaining: size,
    reference: `order-${random.int(1_000_000)}`,
    createdAt: now,
    expiresAt: type === 'limit' && random.oneIn(3) ? now + BigInt(5 + random.int(60)) * second : 0n,
    version: 1,
  };
};
