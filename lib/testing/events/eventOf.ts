import { checkOption, needed, text } from '../../flow/contract/options.js';
import type { BusEvent } from '../../event/BusEvent.js';

/** The fields of a `BusEvent` that a test sets. */
export type EventFields<Payload> = Partial<Omit<BusEvent<string, Payload>, 'type'>>;

/**
 * Creates a `BusEvent` from only the fields that a test is about.
 *
 * The others have the values of a chain's first event: block 1, sequence 1, `compositeCount` 1, `traceId` `block-1`
 * (after its block), `chainId` `test-chain`, `txHash` equal to `traceId`, payload `undefined`. Throws `OptionError`
 * without a type.
 *
 * @param type - The type of the event.
 * @param fields - The fields to set; the others get their defaults.
 * @example
 * ```ts
 * const trade = eventOf('Trade', { blockNr: 7, payload: { price: '12' } });
 * ```
 * @see node_modules/rx-event-broker/docs/testing/guide.md
 */
export const eventOf = <const Type extends string, Payload = undefined>(
  type: Type,
  fields: EventFields<Payload> = {},
): BusEvent<Type, Payload> => {
  checkOption('type', type, needed(text));
  const blockNr = fields.blockNr ?? 1;
  const traceId = fields.traceId ?? `block-${blockNr}`;
  return {
    payload: undefined as Payload,
    sequence: 1,
    chainId: 'test-chain',
    txHash: traceId,
    compositeCount: 1,
    ...fields,
    type,
    blockNr,
    traceId,
  };
};
