import { chain, type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { ChainIdError, DecodeError } from 'rx-event-broker';
import { vegaDecoder, type VegaEvent } from 'rx-event-broker/vega';
import { question } from './progress.js';

/** A message as an event that this node can store, or what is wrong with it. */
export const readEvent =
  (chainId: string) =>
  (message: Uint8Array): Either<Error, VegaEvent> =>
    chain((event: VegaEvent): Either<Error, VegaEvent> => {
      const where = `event ${event.blockNr}-${event.sequence}`;
      if (event.chainId !== chainId) return left(new ChainIdError(chainId, event.chainId, where));
      if (event.type !== 'BeginBlock' && event.type !== 'EndBlock') return right(event);
      const { height } = event.payload;
      if (height === event.blockNr) return right(event);
      return left(
        new DecodeError({
          path: `${where}, ${event.type}`,
          expected: `height ${event.blockNr}`,
          found: String(height),
        }),
      );
    })(vegaDecoder.decode(message));

/** What is wrong with a message of the core. It must be an event, or the question about the node's progress. */
export const wrongWith = (chainId: string): ((message: Uint8Array) => Error | undefined) => {
  const read = readEvent(chainId);
  return message => {
    if (message.length === question.length) return undefined;
    const event = read(message);
    return isLeft(event) ? event.left : undefined;
  };
};
