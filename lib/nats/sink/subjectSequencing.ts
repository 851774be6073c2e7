import { SecondWriterError } from './errors.js';
import type { Sequencing } from './Sequencing.js';
import type { StreamReader } from './StreamReader.js';
import type { SubjectStates } from './SubjectStates.js';

/**
 * The sink is the only writer of the subject, and others write other subjects of the stream. So nobody knows where a
 * message will be: one of a subject is in flight at a time, and expects the last one that was confirmed.
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
    // what was there has been deleted, by an age or a limit of the stream
    if (last === undefined) state.sequence = 0;
    else if (last.sequence !== state.sequence) {
      const found = `where "${sent.id}" belongs, at ${last.sequence}, is a message of another writer, with the id "${last.id}"`;
      throw new SecondWriterError(stream, subject, last.sequence, found);
    }
    return [];
  },
});
