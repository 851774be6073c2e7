import type { Field } from './Field.js';
import { isAscii } from './isAscii.js';

/** By field number: how many bytes a varint may surely have; or one of the two below. */
export type PlainRules = Int8Array;
const text = -1;
const content = -2;

export const plainRules = (fields: readonly Field<unknown>[]): PlainRules => {
  const rules = new Int8Array(1 + Math.max(0, ...fields.map(field => field.number)));
  for (const { number, wireType, plain } of fields)
    rules[number] = wireType === 0 ? plain : plain === 0 ? text : content;
  return rules;
};

/**
 * A quick look at a message: `true` says that it is sound, `false` that somebody has to look closely.
 *
 * It knows what nearly all messages are made of (tags and lengths of one or two bytes, ASCII, no fixed-width numbers) and makes nothing.
 * What it calls sound, `check` of a `MessageCodec` must call sound; a property test holds it to that.
 */
export const isPlain = (rules: PlainRules, bytes: Uint8Array, start: number, end: number): boolean => {
  let at = start;
  while (at < end) {
    let tag = bytes[at++]!;
    if (tag >= 0x80) {
      if (at >= end) return false;
      const next = bytes[at++]!;
      if (next >= 0x80) return false;
      tag = (tag & 0x7f) | (next << 7);
    }
    if (tag < 8 || at >= end) return false;
    const number = tag >>> 3;
    const rule = number < rules.length ? rules[number]! : 0;
    if ((tag & 7) === 0) {
      if (rule < 0) return false;
      const tenth = at + 9;
      const last = Math.min(end, at + (rule === 0 ? 10 : rule)) - 1;
      while (at < last && bytes[at]! >= 0x80) at++;
      if (bytes[at]! > (at === tenth ? 1 : 0x7f)) return false;
      at++;
    } else if ((tag & 7) === 2) {
      if (rule > 0) return false;
      let length = bytes[at++]!;
      if (length >= 0x80) {
        if (at >= end) return false;
        const next = bytes[at++]!;
        if (next >= 0x80) return false;
        length = (length & 0x7f) | (next << 7);
      }
      const contentEnd = at + length;
      if (contentEnd > end || (rule === text && !isAscii(bytes, at, contentEnd))) return false;
      at = contentEnd;
    } else return false;
  }
  return true;
};
