/** An order that is in a book, or on its way there. Price and size are whole numbers of ticks and lots. */
export interface BookOrder {
  readonly id: string;
  readonly party: string;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly size: number;
  remaining: number;
}

/** An incoming order matched a resting one, at the price of the resting one. */
export interface Fill<O> {
  readonly resting: O;
  readonly price: number;
  readonly size: number;
}

export interface OrderBook<O extends BookOrder> {
  /** Fills as much as possible, best price first, then oldest first. The rest of `order` is not put into the book. */
  match(order: O): readonly Fill<O>[];
  /** Adds an order after the others of its price. */
  rest(order: O): void;
  remove(order: O): void;
  /** The best price of a side, and the size that is offered at it. */
  best(side: 'buy' | 'sell'): { readonly price: number; readonly volume: number };
}

/**
 * A limit order book with price-time priority.
 *
 * ```
 *  buy   [ 102: o o ][ 101: o ][ 99: o o o ]     best price first; in a level oldest first
 *  sell  [ 103: o ][ 104: o o ]
 * ```
 * 1. The best buy is below the best sell, because a resting order has been matched before.
 * 2. No level is empty, and no order in one has nothing remaining.
 */
export const orderBook = <O extends BookOrder>(): OrderBook<O> => {
  interface Level {
    readonly price: number;
    readonly orders: O[];
  }
  const sides: Record<'buy' | 'sell', Level[]> = { buy: [], sell: [] };
  const isBetter = (side: 'buy' | 'sell', one: number, other: number): boolean =>
    side === 'buy' ? one > other : one < other;

  return {
    match(order) {
      const opposite = order.side === 'buy' ? 'sell' : 'buy';
      const levels = sides[opposite];
      const fills: Fill<O>[] = [];
      while (order.remaining > 0) {
        const level = levels[0];
        if (level === undefined || isBetter(opposite, order.price, level.price)) break;
        const resting = level.orders[0]!;
        const size = Math.min(order.remaining, resting.remaining);
        order.remaining -= size;
        resting.remaining -= size;
        fills.push({ resting, price: level.price, size });
        if (resting.remaining === 0) level.orders.shift();
        if (level.orders.length === 0) levels.shift();
      }
      return fills;
    },
    rest(order) {
      const levels = sides[order.side];
      const at = levels.findIndex(level => !isBetter(order.side, level.price, order.price));
      const level = at < 0 ? undefined : levels[at];
      if (level?.price === order.price) level.orders.push(order);
      else levels.splice(at < 0 ? levels.length : at, 0, { price: order.price, orders: [order] });
    },
    remove(order) {
      const levels = sides[order.side];
      const level = levels.find(({ price }) => price === order.price)!;
      level.orders.splice(level.orders.indexOf(order), 1);
      if (level.orders.length === 0) levels.splice(levels.indexOf(level), 1);
    },
    best(side) {
      const level = sides[side][0];
      if (level === undefined) return { price: 0, volume: 0 };
      return { price: level.price, volume: level.orders.reduce((sum, order) => sum + order.remaining, 0) };
    },
  };
};
