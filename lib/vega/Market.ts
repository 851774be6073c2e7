/**
 * The types of event about a market, for the `types` of a subscriber (promise B4: a group is an array).
 *
 * @example
 * ```ts
 * broker.subscribe({ required: true, types: [...Market, 'Trade'], next: save });
 * ```
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const Market = ['PositionResolution', 'MarketCreated', 'MarketUpdated', 'MarketTick', 'Auction'] as const;
