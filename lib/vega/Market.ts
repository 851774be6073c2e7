/** The types that say something of a market, for the `types` of a subscriber (promise B4). */
export const Market = ['PositionResolution', 'MarketCreated', 'MarketUpdated', 'MarketTick', 'Auction'] as const;
