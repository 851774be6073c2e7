import { isLeft } from 'fp-ts/lib/Either.js';
import { Observable, type OperatorFunction } from 'rxjs';
import type { VegaEvent } from 'rx-event-broker/vega';
import { readEvent } from './readEvent.js';

/** Decodes messages to events. An invalid message is passed to `rejected`. If that throws, the stream ends with its error. */
export const eventsOf =
  (chainId: string, rejected: (message: Uint8Array, error: Error) => void): OperatorFunction<Uint8Array, VegaEvent> =>
  source =>
    new Observable(subscriber => {
      const read = readEvent(chainId);
      return source.subscribe({
        next: message => {
          const event = read(message);
          if (!isLeft(event)) {
            subscriber.next(event.right);
            return;
          }
          try {
            rejected(message, event.left);
          } catch (error) {
            subscriber.error(error);
          }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
