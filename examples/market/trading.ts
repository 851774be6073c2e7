import type { ExchangeMarket, ExchangeOrder } from './exchange.js';
import type { Fill } from './orderBook.js';
import { type Simulation, writeAccount, writeOrder } from './simulation.js';
import { nextOrder } from './traders.js';

const writeFill = (
  simulation: Simulation,
  market: ExchangeMarket,
  order: ExchangeOrder,
  { resting, price, size }: Fill<ExchangeOrder>,
  time: bigint,
): void => {
  const { random, writer } = simulation;
  const [buy, sell] = order.side === 'buy' ? [order, resting] : [resting, order];
  writer.add('Trade', {
    id: random.hash(),
    marketId: market.id,
    price: String(price),
    size: BigInt(size),
    buyer: buy.party,
    seller: sell.party,
    aggressor: order.side,
    buyOrder: buy.id,
    sellOrder: sell.id,
    timestamp: time,
    type: 1,
  });
};

const statusOf = (order: ExchangeOrder): 'active' | 'filled' | 'stopped' | 'partiallyFilled' => {
  if (order.remaining === 0) return 'filled';
  if (order.type === 'limit') return 'active';
  return order.remaining < order.size ? 'partiallyFilled' : 'stopped';
};

/** Traders place orders, each in a transaction: the order, the orders it matched, the trades, the changed accounts. */
export const writeTrading = (simulation: Simulation, time: bigint, orders: number): void => {
  const { exchange, parties, random, writer } = simulation;
  for (let placed = 0; placed < orders; placed++) {
    const market = exchange.markets[random.int(exchange.markets.length)]!;
    const order = nextOrder(random, market, parties[random.int(parties.length)]!, time);
    writer.transaction(random.hash());
    const fills = exchange.place(market, order);
    if (fills === undefined) {
      writeOrder(simulation, market, order, time, 'rejected');
      continue;
    }
    writeOrder(simulation, market, order, time, statusOf(order));
    for (const { resting } of fills) writeOrder(simulation, market, resting, time, statusOf(resting));
    for (const fill of fills) writeFill(simulation, market, order, fill, time);
    const traders = fills.length === 0 ? [] : new Set([order.party, ...fills.map(({ resting }) => resting.party)]);
    for (const trader of traders) {
      writeAccount(simulation, trader, market.base);
      writeAccount(simulation, trader, market.quote);
    }
  }
  writer.transaction('');
};

/** Removes expired orders from the books: one event for each market, which stands for as many records as orders. */
export const writeExpired = ({ exchange, writer }: Simulation, time: bigint): void => {
  for (const market of exchange.markets) {
    const expired = [...market.open.values()].filter(({ expiresAt }) => expiresAt > 0n && expiresAt <= time);
    if (expired.length === 0) continue;
    exchange.withdraw(market, expired);
    writer.add('ExpiredOrders', { marketId: market.id, orderIds: expired.map(({ id }) => id) });
  }
};

/** Sometimes a trader cancels all orders in a market. There may be none, and then the event stands for no record. */
export const writeCancels = ({ exchange, parties, random, writer }: Simulation): void => {
  for (const market of exchange.markets) {
    if (!random.oneIn(3)) continue;
    const party = parties[random.int(parties.length)]!;
    const orders = [...market.open.values()].filter(order => order.party === party);
    exchange.withdraw(market, orders);
    writer.transaction(random.hash());
    writer.add('CancelledOrders', { marketId: market.id, partyId: party, orderIds: orders.map(({ id }) => id) });
  }
  writer.transaction('');
};
