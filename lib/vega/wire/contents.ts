import type { Field } from './Field.js';
import { isBytes } from './isBytes.js';

/** A `string` field; empty if absent. */
export const text = (number: number): Field<string> => ({
  number,
  expected: 'a string',
  wireType: 2,
  plain: 0,
  empty: '',
  read: reader => reader.text(),
  check: reader => reader.skip(2),
  write(writer, value) {
    if (value === '') return;
    writer.tag(number, 2);
    writer.text(value);
  },
  is: (value): value is string => typeof value === 'string',
});

/** A `repeated string` field: an array, empty if absent. */
export const texts = (number: number): Field<readonly string[]> => {
  const none: readonly string[] = Object.freeze([]);
  return {
    number,
    expected: 'an array of strings',
    wireType: 2,
    plain: 0,
    empty: none,
    grows: true,
    read(reader, before = none) {
      const next = reader.text();
      if (before === none) return [next];
      (before as string[]).push(next); // no one else has the list until the message is read
      return before;
    },
    check: reader => reader.skip(2),
    write(writer, value) {
      for (const one of value) {
        writer.tag(number, 2);
        writer.text(one);
      }
    },
    is: (value): value is readonly string[] => Array.isArray(value) && value.every(one => typeof one === 'string'),
  };
};

/** A `bytes` field, or a message that is not decoded: a view of the bytes, not a copy. */
export const bytes = (number: number): Field<Uint8Array> => ({
  number,
  expected: 'a Uint8Array',
  wireType: 2,
  plain: 0,
  empty: new Uint8Array(0),
  read(reader) {
    const end = reader.content();
    const view = new Uint8Array(reader.bytes.buffer, reader.bytes.byteOffset + reader.at, end - reader.at);
    reader.at = end;
    return view;
  },
  check: reader => reader.skip(2),
  write(writer, value) {
    if (value.length === 0) return;
    writer.tag(number, 2);
    writer.content(value);
  },
  is: isBytes,
});
