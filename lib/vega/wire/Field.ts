import type { WireReader } from './WireReader.js';
import type { WireWriter } from './WireWriter.js';

/**
 * One field of a message: its number, and how its value is read and written. Made by `text`, `uint64` and the others.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export interface Field<A> {
  /** The number of the field in the protobuf message. */
  readonly number: number;
  /** The allowed values, in words for errors, such as `a uint64`. */
  readonly expected: string;
  /** How it is encoded: 0 as a varint, 2 as bytes with their length. */
  readonly wireType: 0 | 2;
  /** For a fast check: a varint of at most this many bytes is always valid; 0 for contents. */
  readonly plain: number;
  /** The value of an absent field, which is also not written (proto3). */
  readonly empty: A;
  /** Whether the field is a list: `read` then gets the values read so far. For other fields the last value counts. */
  readonly grows?: true;
  /** Reads the value; a list grows from `before`. */
  read(reader: WireReader, before?: A): A;
  /** Skips the value, without creating it. Throws whenever `read` would. */
  check(reader: WireReader): void;
  /** Writes the tag and the value. */
  write(writer: WireWriter, value: A): void;
  /** Whether this value can be written. */
  is(value: unknown): value is A;
}
