import type { WireReader } from './WireReader.js';
import type { WireWriter } from './WireWriter.js';

/** One field of a message: its number, and how a value of it is read and written. */
export interface Field<A> {
  readonly number: number;
  /** In words, for messages: `a uint64`. */
  readonly expected: string;
  readonly wireType: 0 | 2;
  /** For the quick look: how many bytes a varint may have and surely be sound; 0 for contents. */
  readonly plain: number;
  /** The value where the field is absent, which is also what is not written (proto3). */
  readonly empty: A;
  /** It is a list: `read` is given what was read before. Of others the last value counts. */
  readonly grows?: true;
  /** Reads the value; a list grows from `before`. */
  read(reader: WireReader, before?: A): A;
  /** Passes over the value, and throws `Malformed` in all the cases in which `read` would. Makes nothing. */
  check(reader: WireReader): void;
  /** Writes tags and values. */
  write(writer: WireWriter, value: A): void;
  /** Whether this is a value that can be written. */
  is(value: unknown): value is A;
}
