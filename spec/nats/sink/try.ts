import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { range, lastValueFrom } from 'rxjs';
import { fromPull } from '../../../lib/index.js';
import { jetStreamSink } from '../../../lib/nats/sink/jetStreamSink.js';
import { natsBinary } from '../natsBinary.js';
import { connectTo, startServer } from '../natsServer.js';
const binary = natsBinary('x')!;
const s = await startServer({ binary });
const nc = await connectTo(s.url);
const jsm = await jetstreamManager(nc);
await jsm.streams.add({ name: 'S', subjects: ['s.>'] });
const js = jetstream(nc);
const N = 100_000;
const data = new Uint8Array(300);
for (let round = 0; round < 3; round++) {
  {
    let t = performance.now(); let open = 0; let i = 0;
    await new Promise<void>((resolve, reject) => {
      const pump = () => { while (open < 256 && i < N) { open++; js.publish('s.bare', data, { msgID: `s.bare/${round}/${i++}` }).then(() => { open--; if (i === N && open === 0) resolve(); else pump(); }, reject); } };
      pump();
    });
    console.log('bare', (N / (performance.now() - t)).toFixed(1), 'k/s');
  }
  for (const [name, w] of [['one', 1], ['ten', 10]] as const) {
    const sink = jetStreamSink<number>({ connection: nc, js, stream: 'S', subjectOf: n => `s.${name}${n % w}`, encode: () => data, placeOf: n => n + round * N });
    const t = performance.now();
    await lastValueFrom(sink.publish(pause$ => fromPull(() => Array.from({ length: N }, (_, i) => i), { pause$ })));
    console.log('sink', name, (N / (performance.now() - t)).toFixed(1), 'k/s', (process.memoryUsage().heapUsed / 1e6).toFixed(0));
  }
}
console.log((await jsm.streams.info('S')).state.messages);
await nc.close(); await s.remove();
