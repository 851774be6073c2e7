import { type Accounts, type MarketAccount, accounts } from './accounts.js';
import { type BookOrder, type Fill, type OrderBook, orderBook } from './orderBook.js';

/** An order with data that only the exchange needs. Times are in Unix ns. */
export interface ExchangeOrder extends BookOrder {
  readonly type: 'limit' | 'market';
  readonly reference: string;
  readonly createdAt: bigint;
  /** 0: never. */
  readonly expiresAt: bigint;
  version: number;
}

/** A market: one asset is traded for another. */
export interface ExchangeMarket {
  readonly id: string;
  readonly base: string;
  readonly quote: string;
  readonly book: OrderBook<ExchangeOrder>;
  readonly open: Map<string, ExchangeOrder>;
  lastPrice: number;
}

export interface Exchange {
  readonly markets: readonly ExchangeMarket[];
  readonly accounts: Accounts;
  /** Matches an order, moves the money, and puts the rest of a limit order into the book. `undefined`: the party cannot pay. */
  place(market: ExchangeMarket, order: ExchangeOrder): readonly Fill<ExchangeOrder>[] | undefined;
  /** Removes open orders from the book. */
  withdraw(market: ExchangeMarket, orders: readonly ExchangeOrder[]): void;
}

/**
 * An exchange of a few markets. Accounts never go below zero, because an open order holds the money that it may need.
 *
 * Money is conserved: a fill moves `price × size` of the quote asset one way and `size` of the base asset the other way.
 */
export const exchange = (
  markets: readonly { readonly id: string; readonly base: string; readonly quote: string; readonly price: number }[],
): Exchange => {
  const table = accounts();

  const heldAccount = (market: ExchangeMarket, order: ExchangeOrder): MarketAccount =>
    table.of(order.party, order.side === 'buy' ? market.quote : market.base);
  const held = (order: ExchangeOrder, size: number): number => (order.side === 'buy' ? order.price * size : size);

  const move = (asset: string, from: string, to: string, amount: number): void => {
    table.of(from, asset).balance -= amount;
    table.of(to, asset).balance += amount;
  };

  const settle = (
    market: ExchangeMarket,
    order: ExchangeOrder,
    { resting, price, size }: Fill<ExchangeOrder>,
  ): void => {
    const [buyer, seller] = order.side === 'buy' ? [order, resting] : [resting, order];
    heldAccount(market, buyer).held -= held(buyer, size);
    heldAccount(market, seller).held -= held(seller, size);
    move(market.quote, buyer.party, seller.party, price * size);
    move(market.base, seller.party, buyer.party, size);
    resting.version++;
    if (resting.remaining === 0) market.open.delete(resting.id);
    market.lastPrice = price;
  };

  return {
    markets: markets.map(({ id, base, quote, price }) => ({
      id,
      base,
      quote,
      book: orderBook<ExchangeOrder>(),
      open: new Map<string, ExchangeOrder>(),
      lastPrice: price,
    })),
    accounts: table,
    place(market, order) {
      const account = heldAccount(market, order);
      const needed = held(order, order.size);
      if (account.balance - account.held < needed) return undefined;
      account.held += needed;
      const fills = market.book.match(order);
      for (const fill of fills) settle(market, order, fill);
      if (order.remaining > 0 && order.type === 'limit') {
        market.book.rest(order);
        market.open.set(order.id, order);
      } else heldAccount(market, order).held -= held(order, order.remaining);
      return fills;
    },
    withdraw(market, orders) {
      for (const order of orders) {
        market.book.remove(order);
        market.open.delete(order.id);
        heldAccount(market, order).held -= held(order, order.remaining);
      }
    },
  };
};
