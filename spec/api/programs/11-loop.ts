// 11. A loop is a required consumer: asking for the next trade finishes the last one, and brakes the source.
import { eventBroker } from 'rx-event-broker';

type Trade = { readonly type: 'Trade'; readonly id: string; readonly size: bigint };
type Halt = { readonly type: 'Halt'; readonly market: string };

export const store = async (signal: AbortSignal) => {
  await using broker = eventBroker<Trade | Halt>();
  for await (const trade of broker.iterate({ required: true, types: ['Trade'], signal })) await ledger.save(trade);
};

declare const ledger: { save(trade: Trade): Promise<void> };
