import { type Channel, type ChannelModel, type ConsumeMessage, connect } from 'amqplib';
import { Observable } from 'rxjs';
import { type OpenedSource, settledBy } from 'rx-event-broker';

/** An existing queue, and how many of its messages one consumer may have in flight. */
export interface RabbitQueue {
  readonly url: string;
  readonly queue: string;
  /** Messages that are handed out and not acknowledged, at most; more than the consumer settles together. */
  readonly prefetch: number;
  /** `'none'` acknowledges each message as soon as it is emitted. */
  readonly settlement?: 'none';
}

/** The messages of a queue. Each is acknowledged when it is settled; others go back to the queue. The source never completes. */
export const rabbitQueue = ({ url, queue, prefetch, settlement: none }: RabbitQueue): OpenedSource<ConsumeMessage> => {
  let released: Promise<unknown> = Promise.resolve();

  return (pause$, settlement) =>
    new Observable(subscriber => {
      let channel: Channel | undefined;
      let isPaused = false;
      const ready: ConsumeMessage[] = [];
      const fail = (error: unknown): void => subscriber.error(error);
      const given = settledBy<ConsumeMessage>(subscriber, settlement ?? none, message => channel?.ack(message, true));

      // a pause needs no message to the server: it stops by itself when `prefetch` messages wait here
      const emit = (): void => {
        while (!isPaused && !subscriber.closed) {
          const message = ready.shift();
          if (message === undefined) return;
          given(message, () => subscriber.next(message));
        }
      };

      const consume = async (connection: ChannelModel): Promise<void> => {
        for (const event of ['error', 'close']) connection.on(event, (error?: Error) => fail(error ?? lost(queue)));
        channel = await connection.createChannel();
        for (const event of ['error', 'close']) channel.on(event, (error?: Error) => fail(error ?? lost(queue)));
        await channel.prefetch(prefetch);
        await channel.consume(queue, message => {
          if (message === null) {
            fail(new Error(`queue ${queue}: it was deleted, or its server has left`));
            return;
          }
          ready.push(message);
          emit();
        });
      };

      // the next subscription begins when this one has returned its messages
      const left = new Promise<void>(resolve => subscriber.add(resolve));
      const previous = released;
      released = (async () => {
        await previous;
        if (subscriber.closed) return;
        const connection = await connect(url, { noDelay: true }); // acknowledgements are small, and should not wait
        await consume(connection).catch(fail);
        await left;
        // before it answers, the server puts unacknowledged messages back in their place
        await quietly(async () => channel?.close());
        await quietly(() => connection.close());
      })().catch(fail);

      const setPaused = (level: boolean): void => {
        isPaused = level;
        emit();
      };
      subscriber.add(pause$.subscribe({ next: setPaused, error: fail }));
    });
};

/** A lost connection cannot be closed, and the subscriber already has its error. */
const quietly = (close: () => Promise<void>): Promise<void> =>
  Promise.resolve()
    .then(close)
    .catch(() => undefined);

const lost = (queue: string): Error => new Error(`queue ${queue}: the connection was lost`);
