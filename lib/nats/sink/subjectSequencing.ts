import { SecondWriterError } from './errors.js';
import type { Sequencing } from './Sequencing.js';
import type { StreamReader } from './StreamReader.js';
import type { SubjectStates } from './SubjectStates.js';

/**
 * For a sink that is the only writer of its subject, while others write other subjects of the stream. The sequence of a message
 * is not known in advance. So one message of a subject is in flight at a time, and it expects the last confirmed one.
 */
export const subjectSequencing = <T>(
  stream: string,
  subject: string,
  reader: StreamReader,
  states: SubjectStates,
): Sequencing<T> => ({
  depth: 1,
  begin: async () => {
    await states.read(subject);
  },
  assign: () => undefined,
  expectation: () => ({ streamName: stream, lastSubjectSequence: states.get(subject)!.sequence }),
  isPlace: (_, sequence) => sequence > states.get(subject)!.sequence,
  find: async ([sent]) => {
    if (sent === undefined) return [];
    const state = states.get(subject)!;
    const last = await reader.last(subject);
    if (last?.id === sent.id) return [[sent, last.sequence]];
    // the earlier message was removed by a limit of the stream
    if (last === undefined) state.sequence = 0;
    else if (last.sequence !== state.sequence) {
      const found = `expected "${sent.id}" at sequence ${last.sequence}, found a message of another writer, with the id "${last.id}"`;
      throw new SecondWriterError(stream, subject, last.sequence, found);
    }
    return [];
  },
});
