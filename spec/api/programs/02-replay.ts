// 2. Replay recorded files into a ledger (required, async) and a chart (optional).
import { lastValueFrom } from 'rxjs';
import { deserialize, eventBroker, verifySequence } from 'rx-event-broker';
import { bufferFiles } from 'rx-event-broker/node';
import { blockOf, vegaDecoder, type VegaEvent } from 'rx-event-broker/vega';

const broker = eventBroker<VegaEvent>({ unlisted: ['TxError'] });

broker.subscribe({
  name: 'ledger',
  required: true,
  types: ['Trade'],
  highWaterMark: 256,
  nextBatch: trades =>
    db.insert(
      'trades',
      trades.map(t => ({ id: t.payload.id, size: t.payload.size })),
    ),
});
broker.subscribe({
  name: 'chart',
  required: false,
  types: ['MarketData'],
  capacity: 500,
  overflow: 'dropOldest',
  next: e => chart.point(e.payload.market),
  missed: gap => chart.gap(gap.first.blockNr, gap.last.blockNr),
});

const done = await lastValueFrom(
  broker.receive(pause$ =>
    bufferFiles({ directory: 'recorded', timeBetweenBlocks: 0, blockOf, pause$ }).pipe(
      deserialize(vegaDecoder),
      verifySequence(),
    ),
  ),
);
for (const s of done.subscribers) console.log(`${s.name}: ${s.delivered} of ${s.offered}, ${s.dropped} dropped`);

declare const db: { insert(table: string, rows: object[]): Promise<void> };
declare const chart: { point(market: string): void; gap(from: number, to: number): void };
