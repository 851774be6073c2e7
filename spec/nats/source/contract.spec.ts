import { describe } from '@jest/globals';
import { jetStreamSource, kvPosition } from 'rx-event-broker/nats';
import { settledSourceContract } from 'rx-event-broker/testing';
import { map } from 'rxjs';
import { onNats } from './onNats.js';
import { publish } from './publishing.js';

const { test, here, connect, newStream, newBucket } = onNats('spec/nats/source/contract');

const values = ['one', 'two', 'three', 'four'];

describe('J1 J2 the contract of a source that settles, with its position in a KV bucket', () => {
  settledSourceContract<string>({
    test,
    supports: { values, completes: false },
    factory: async texts => {
      const { stream, subject } = await newStream();
      await publish(here().nc, subject, texts);
      const bucket = await newBucket(`contract-${stream}`);
      const nc = await connect();
      // each subscription is a process of its own, whose position nobody else knows
      const open = () =>
        jetStreamSource({ connection: nc, stream, subject, position: kvPosition(bucket, 'a'), everyMs: 0 });
      const shared = open();
      return {
        source: (pause$, settlement) =>
          shared(pause$, settlement).pipe(map(({ data }) => new TextDecoder().decode(data))),
        left: async () => {
          const entry = await bucket.get('a');
          const text = entry === null ? '{"sequence":0}' : new TextDecoder().decode(entry.value).split('\n')[0]!;
          return texts.slice((JSON.parse(text) as { sequence: number }).sequence);
        },
      };
    },
  });
});
