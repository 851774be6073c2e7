import type { BlockWriter } from './blockWriter.js';
import type { Exchange, ExchangeMarket, ExchangeOrder } from './exchange.js';
import type { Random } from './random.js';

/** The state of a run, shared by all its blocks. */
export interface Simulation {
  readonly random: Random;
  readonly exchange: Exchange;
  readonly parties: readonly string[];
  readonly writer: BlockWriter;
}

/** Two assets that are traded, and one that pays for them. */
export const assets = ['btc', 'eth', 'usd'] as const;

/** The number of a general account's type on the wire. */
const generalAccount = 4;

export const writeAccount = ({ exchange, writer }: Simulation, owner: string, asset: string): void => {
  const { id, balance } = exchange.accounts.of(owner, asset);
  writer.add('Account', { id, owner, asset, balance: String(balance), marketId: '!', type: generalAccount });
};

/** The current state of an order. */
export const writeOrder = (
  { writer }: Simulation,
  market: ExchangeMarket,
  order: ExchangeOrder,
  time: bigint,
  status: 'active' | 'filled' | 'stopped' | 'rejected' | 'partiallyFilled',
): void => {
  const isMarket = order.type === 'market';
  writer.add('Order', {
    id: order.id,
    marketId: market.id,
    partyId: order.party,
    side: order.side,
    price: isMarket ? '' : String(order.price),
    size: BigInt(order.size),
    remaining: BigInt(order.remaining),
    timeInForce: isMarket ? 3 : order.expiresAt > 0n ? 2 : 1,
    type: order.type,
    createdAt: order.createdAt,
    status,
    expiresAt: order.expiresAt,
    reference: order.reference,
    updatedAt: order.version > 1 ? time : 0n,
    version: BigInt(order.version),
  });
};
