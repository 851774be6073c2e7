// A program that owns partitions, and says on a line what it takes, works on and gives up.
//   node member.mjs URL LEASE_FOR NAME
import { writeSync } from 'node:fs';
import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import { finalize, NEVER, takeUntil } from 'rxjs';
import { ownPartitions } from '../../../lib/nats/partitions/ownPartitions.js';

const [url, leaseFor, owner] = process.argv.slice(2) as [string, string, string];
const connection = await connect({ servers: url });
const kv = await new Kvm(jetstream(connection)).open('P');
const say = (...words: unknown[]): number => writeSync(1, `${words.join(' ')}\n`);
ownPartitions({
  kv,
  name: 'orders',
  partitions: 4,
  owner,
  leaseFor: Number(leaseFor),
  work: ({ index, epoch, stop$ }) => {
    say('took', index, epoch);
    return NEVER.pipe(
      takeUntil(stop$),
      finalize(() => say('left', index, epoch)),
    );
  },
}).subscribe();
