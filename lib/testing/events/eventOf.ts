import { checkOption, needed, text } from '../../flow/options.js';
import type { BusEvent } from '../../event/BusEvent.js';

/** What of a `BusEvent` a test cares about. */
export type EventFields<Payload> = Partial<Omit<BusEvent<string, Payload>, 'type'>>;

/**
 * A `BusEvent` with only the fields that a test is about.
 *
 * The others stand at the beginning of a chain: block 1, sequence 1, one record (`compositeCount`), `traceId` `block-1`
 * after its block, `chainId` `test-chain`, `txHash` as `traceId`, payload `undefined`.
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
