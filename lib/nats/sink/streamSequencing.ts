import { parseMessageId } from '../messageId.js';
import { SecondWriterError } from './errors.js';
import type { Outgoing } from './Outgoing.js';
import type { Found, Sequencing } from './Sequencing.js';
import type { StreamReader } from './StreamReader.js';

/**
 * The sink is the only writer of the stream, so each message knows where it will be before it is sent: a whole window is
 * in flight, and each one expects the one before it.
 *
 *     stream    … 41
 *     sent      42 (after 41)  43 (after 42)  44 (after 43)
 *     42 fails, so 43 and 44 fail too, and all three are sent again
 */
export const streamSequencing = <T>(stream: string, reader: StreamReader, depth: number): Sequencing<T> => {
  let next = 0;

  const check = async (outgoing: Outgoing<T>): Promise<Found<T>> => {
    const { subject, id, sequence } = outgoing;
    const message = await reader.at(sequence);
    if (message?.id === id) return [outgoing, sequence];
    const found =
      message === undefined
        ? `the message at ${sequence} has been deleted, so nobody can tell whether it was "${id}"`
        : `at ${sequence}, where "${id}" belongs, is a message of another writer, with the id "${message.id}"`;
    throw new SecondWriterError(stream, subject, sequence, found);
  };

  /**
   * What two writers at once have left: a message of another one, or one whose predecessor is not there. Each message
   * expects a number, so in the window of one writer a message of another one can take the place of one and be followed by the
   * next. Who goes on after that would hide that a message is lost.
   */
  const checkTail = async (lastSequence: number): Promise<void> => {
    const places = Array.from({ length: Math.min(depth, lastSequence) }, (_, i) => lastSequence - i).reverse();
    const positions = new Map<string, number>();
    for (const message of await Promise.all(places.map(place => reader.at(place)))) {
      if (message === undefined) continue;
      const { subject, sequence, id } = message;
      const { position } = parseMessageId(id) ?? {};
      const before = positions.get(subject);
      if (position === undefined || (before !== undefined && position !== before + 1)) {
        const found =
          position === undefined
            ? `the message at ${sequence} has the id "${id}", which no sink gives`
            : `the message at ${sequence} has the id "${id}", although the one before it has position ${before}`;
        throw new SecondWriterError(stream, subject, sequence, found);
      }
      positions.set(subject, position);
    }
  };

  return {
    depth,
    begin: async () => {
      const { lastSequence } = await reader.state();
      await checkTail(lastSequence);
      next = lastSequence + 1;
    },
    assign: outgoing => {
      outgoing.sequence = next++;
    },
    expectation: ({ sequence }) => ({ streamName: stream, lastSequence: sequence - 1 }),
    isPlace: (outgoing, sequence) => sequence === outgoing.sequence,
    find: async sent => {
      const { lastSequence } = await reader.state();
      const found = await Promise.all(sent.filter(({ sequence }) => sequence <= lastSequence).map(check));
      const last = sent.at(-1);
      if (last !== undefined && lastSequence > last.sequence) {
        const extra = `the stream ends at ${lastSequence}, and the last message of this writer is at ${last.sequence}`;
        throw new SecondWriterError(stream, last.subject, lastSequence, extra);
      }
      return found;
    },
  };
};
