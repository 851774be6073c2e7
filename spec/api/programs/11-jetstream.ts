// What the clients of NATS make is what the package takes, with no cast.
import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection as RealConnection } from '@nats-io/transport-node';
import { eventBroker, type PositionStore } from 'rx-event-broker';
import { jetStreamSource, kvPosition, type KeyValue, type NatsConnection } from 'rx-event-broker/nats';
import { map } from 'rxjs';

const real: RealConnection = await connect();
const connection: NatsConnection = real;
const bucket: KeyValue = await new Kvm(real).create('positions');
const position: PositionStore = kvPosition(bucket, 'a');

const source = jetStreamSource({ connection: real, stream: 'S', subject: 's.>', position, startAt: { sequence: 3 } });
const broker = eventBroker<{ readonly type: 'Message'; readonly data: Uint8Array }>();
broker
  .receive((pause$, settlement) =>
    source(pause$, settlement).pipe(map(({ data }) => ({ type: 'Message' as const, data }))),
  )
  .subscribe();

// @ts-expect-error a position is needed
jetStreamSource({ connection, stream: 'S' });
// @ts-expect-error there is no such start
jetStreamSource({ connection, stream: 'S', position, startAt: 'last' });
