import { parseMessageId } from '../messageId.js';
import { SecondWriterError } from './errors.js';
import type { Outgoing } from './Outgoing.js';
import type { Found, Sequencing } from './Sequencing.js';
import type { StreamReader } from './StreamReader.js';

/**
 * For a sink that is the only writer of the stream. The sequence of each message is known before it is sent. So a whole window
 * is in flight, and each message expects the one before it.
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
        ? `the message at sequence ${sequence} was deleted, so it is unknown whether it was "${id}"`
        : `expected "${id}" at sequence ${sequence}, found a message of another writer, with the id "${message.id}"`;
    throw new SecondWriterError(stream, subject, sequence, found);
  };

  /**
   * Checks the end of the stream for the traces of two concurrent writers: a foreign message, or a gap in the positions. A
   * message expects only a sequence number. So a message of another writer can replace one in the window, and the next one
   * is still accepted. A new writer that continued after such a gap would hide the lost message.
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
            ? `the message at sequence ${sequence} has the id "${id}", which is not an id of jetStreamSink`
            : `the message at sequence ${sequence} has the id "${id}", but the one before it has position ${before}`;
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
        const extra = `the stream ends at sequence ${lastSequence}, but this writer's last message is at ${last.sequence}`;
        throw new SecondWriterError(stream, last.subject, lastSequence, extra);
      }
      return found;
    },
  };
};
