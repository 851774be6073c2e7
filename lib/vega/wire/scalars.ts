import type { Field } from './Field.js';
import { Malformed } from './Malformed.js';
import type { WireReader } from './WireReader.js';

// Joins two halves by creating one bigint, not four.
const halves = new DataView(new ArrayBuffer(8));
const setHalves = (reader: WireReader): void => {
  reader.varint();
  halves.setUint32(0, reader.high);
  halves.setUint32(4, reader.low);
};

const maximumUint64 = 2n ** 64n - 1n;

/** A `uint64` field that may exceed 2^53: a bigint, `0n` if absent. */
export const uint64 = (number: number): Field<bigint> => ({
  number,
  expected: 'a bigint from 0 to 2^64 - 1',
  wireType: 0,
  plain: 10,
  empty: 0n,
  read(reader) {
    setHalves(reader);
    return halves.getBigUint64(0);
  },
  check: reader => reader.varint(),
  write(writer, value) {
    if (value === 0n) return;
    writer.tag(number, 0);
    writer.bigint(value);
  },
  is: (value): value is bigint => typeof value === 'bigint' && value >= 0n && value <= maximumUint64,
});

/** An `int64` field, signed: a bigint, `0n` if absent. */
export const int64 = (number: number): Field<bigint> => ({
  ...uint64(number),
  expected: 'a bigint from -2^63 to 2^63 - 1',
  read(reader) {
    setHalves(reader);
    return halves.getBigInt64(0);
  },
  is: (value): value is bigint => typeof value === 'bigint' && BigInt.asIntN(64, value) === value,
});

/**
 * A `uint64` field that stays below 2^53, such as a height: a number, 0 if absent. A larger value is invalid, not
 * rounded.
 */
export const count = (number: number): Field<number> => {
  const read = (reader: WireReader): number => {
    const value = reader.number();
    if (value > Number.MAX_SAFE_INTEGER) throw new Malformed('a number below 2^53', String(value));
    return value;
  };
  return {
    number,
    expected: 'a whole number from 0 to 2^53 - 1',
    wireType: 0,
    plain: 7,
    empty: 0,
    read,
    check: reader => void read(reader),
    write(writer, value) {
      if (value === 0) return;
      writer.tag(number, 0);
      writer.number(value);
    },
    is: (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0,
  };
};

/** A `bool` field; `false` if absent. */
export const bool = (number: number): Field<boolean> => ({
  number,
  expected: 'a boolean',
  wireType: 0,
  plain: 10,
  empty: false,
  read(reader) {
    reader.varint();
    return reader.low !== 0 || reader.high !== 0;
  },
  check: reader => reader.varint(),
  write(writer, value) {
    if (!value) return;
    writer.tag(number, 0);
    writer.number(1);
  },
  is: (value): value is boolean => typeof value === 'boolean',
});

/**
 * An enum field: the name at its number (`names[0]` if absent), or the number itself if it has no name here, so that
 * nothing is lost when a newer core sends an unknown one.
 */
export const choice = <const Names extends readonly string[]>(
  number: number,
  ...names: Names
): Field<Names[number] | number> => {
  const read = (reader: WireReader): number => {
    reader.varint();
    const value = reader.low | 0;
    if (reader.high !== (value < 0 ? 0xffff_ffff : 0)) throw new Malformed('an enum of 32 bits', 'a longer one');
    return value;
  };
  const numberOf = (value: string | number): number => (typeof value === 'number' ? value : names.indexOf(value));
  return {
    number,
    expected: [...names.map(name => `'${name}'`), 'an int32'].join(', '),
    wireType: 0,
    plain: 4,
    empty: names[0] ?? 0,
    read(reader) {
      const value = read(reader);
      return names[value] ?? value;
    },
    check: reader => void read(reader),
    write(writer, value) {
      const written = numberOf(value);
      if (written === 0) return;
      writer.tag(number, 0);
      writer.bigint(BigInt(written));
    },
    is: (value): value is Names[number] | number =>
      typeof value === 'number' ? (value | 0) === value : names.includes(value as string),
  };
};
