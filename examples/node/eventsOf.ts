import { isLeft } from 'fp-ts/lib/Either.js';
import { Observable, type OperatorFunction } from 'rxjs';
import type { VegaEvent } from 'rx-event-broker/vega';
import { readEvent } from './readEvent.js';

/** Messages as events. What is none is given to `refused`, which may throw: that is the error of the stream. */
export const eventsOf =
  (chainId: string, refused: (message: Uint8Array, error: Error) => void): OperatorFunction<Uint8Array, VegaEvent> =>
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
            refused(message, event.left);
          } catch (error) {
            subscriber.error(error);
          }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
