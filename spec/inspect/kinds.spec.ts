import { describe, expect, test } from '@jest/globals';
import { Subject, throwError, timer } from 'rxjs';
import { eventBroker } from 'rx-event-broker';
import { inspect, type InspectRecord } from 'rx-event-broker/inspect';
test('x', async () => {
  const broker = eventBroker<{ type: string }>();
  const out: InspectRecord[] = [];
  broker.subscribe({ required: true, next: () => undefined });
  const stop = inspect(broker, r => void out.push(r));
  const s = new Subject<void>();
  broker.subscribe({ required: false, capacity: 0, next: () => s });
  broker.send({ type: 'a' });
  broker.send({ type: 'b' });
  s.complete();
  broker.sendBatch([{ type: 'c' }, { type: 'd' }]);
  stop();
  console.log(out.map(r => JSON.stringify(r)).join('\n'));
});
