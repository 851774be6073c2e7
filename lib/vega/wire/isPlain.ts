import type { Field } from './Field.js';

/**
 * By tag, up to field 63: how many bytes a varint may have and surely be sound; that a content follows; or that it is not for the
 * quick look to judge.
 */
export type PlainRules = Int8Array;
const content = -1;
const unsure = 0;
const anyVarint = 10;
const highestField = 63;

export const plainRules = (fields: readonly Field<unknown>[]): PlainRules => {
  const rules = new Int8Array((highestField + 1) * 8).fill(unsure);
  for (let number = 1; number <= highestField; number++) {
    const field = fields.find(one => one.number === number);
    if (field?.wireType !== 2) rules[number * 8] = field?.plain ?? anyVarint;
    if (field?.wireType !== 0) rules[number * 8 + 2] = content;
  }
  return rules;
};

/**
 * A quick look at the structure of a message: `true` says that it is sound, `false` that somebody has to look closely.
 *
 * It knows what nearly all messages are made of, and makes nothing. What it calls sound, `check` of a `MessageCodec` must call
 * sound; a property test holds it to that.
 */
export const isPlain = (rules: PlainRules, bytes: Uint8Array, start: number, end: number): boolean => {
  let at = start;
  while (at < end) {
    let tag = bytes[at++]!;
    if (tag >= 0x80) {
      if (at >= end) return false;
      tag = (tag & 0x7f) | (bytes[at++]! << 7);
      if (tag >= rules.length) return false;
    }
    if (at >= end) return false;
    const rule = rules[tag]!;
    let byte = bytes[at++]!;
    if (rule > 0) {
      let left = rule;
      while (byte >= 0x80) {
        if (--left === 0 || at >= end) return false;
        byte = bytes[at++]!;
      }
      if (left === 1 && rule === anyVarint && byte > 1) return false; // the 65th bit
    } else if (rule === content) {
      if (byte < 0x80) at += byte;
      else {
        if (at >= end || bytes[at]! >= 0x80) return false;
        at += 1 + ((byte & 0x7f) | (bytes[at]! << 7));
      }
      if (at > end) return false;
    } else return false;
  }
  return true;
};
