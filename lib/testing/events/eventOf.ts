import { checkOption, needed, text } from '../../flow/contract/options.js';
import type { BusEvent } from '../../event/BusEvent.js';

/** The fields of a `BusEvent` that a test can set. */
export type EventFields<Payload> = Partial<Omit<BusEvent<string, Payload>, 'type'>>;

/**
 * Creates a `BusEvent` from the fields that matter to a test. The other fields get defaults.
 *
 * The defaults are those of the first event in a chain: block 1, sequence 1, `compositeCount` 1, `chainId` `test-chain`, payload
 * `undefined`. `traceId` is `block-` and the number of the block, and `txHash` equals `traceId`. Throws `OptionError` without a
 * type.
 *
 * @param type - The type of the event.
 * @param fields - The fields to set. Default: none.
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
