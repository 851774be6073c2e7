import type { VegaEvent } from 'rx-event-broker/vega';

/** What the server sends of a market. */
export interface Price {
  readonly symbol: string;
  readonly price: number;
  readonly bid: number;
  readonly offer: number;
}

/** The readable name of an event's market. Events that belong to no market have the name of their type. */
export type SymbolOf = (event: VegaEvent) => string;

/** The markets in the order of their first data, which is that of the exchange. */
const SYMBOLS = ['BTC/USD', 'ETH/USD'];

export const symbols = (): SymbolOf => {
  const known = new Map<string, string>();
  return event => {
    if (event.type !== 'MarketData') return event.type;
    const { market } = event.payload;
    const symbol = known.get(market) ?? SYMBOLS[known.size] ?? market;
    known.set(market, symbol);
    return symbol;
  };
};

export const priceOf = (symbol: string, { payload }: Extract<VegaEvent, { readonly type: 'MarketData' }>): Price => ({
  symbol,
  price: Number(payload.markPrice),
  bid: Number(payload.bestBidPrice),
  offer: Number(payload.bestOfferPrice),
});

export const idOf = ({ blockNr, sequence }: VegaEvent): string => `${blockNr}-${sequence}`;
