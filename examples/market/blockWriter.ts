import { compositeCount, sequencer, type VegaEvent, type VegaPayload, type VegaType } from 'rx-event-broker/vega';

/** Collects the events of one block after another, numbered and stamped as by a core. */
export interface BlockWriter {
  begin(height: number, hash: string): void;
  /** The next events belong to this transaction; `''`: to none. */
  transaction(hash: string): void;
  add<T extends VegaType>(type: T, payload: VegaPayload<T>): void;
  /** The events since `begin`. */
  end(): readonly VegaEvent[];
}

export const blockWriter = (chainId: string): BlockWriter => {
  const sequenceOf = sequencer();
  let blockNr = 0;
  let traceId = '';
  let txHash = '';
  let events: VegaEvent[] = [];
  return {
    begin(height, hash) {
      blockNr = height;
      traceId = txHash = hash.toUpperCase();
      events = [];
    },
    transaction(hash) {
      txHash = hash === '' ? traceId : hash.toUpperCase();
    },
    add(type, payload) {
      const sequence = sequenceOf({ type, traceId, payload });
      const count = compositeCount({ type, payload });
      // The compiler cannot see that a type and its payload, both given by T, form a member of the union.
      events.push({ type, blockNr, sequence, traceId, chainId, txHash, compositeCount: count, payload } as VegaEvent);
    },
    end: () => events,
  };
};
