import type { Field } from './Field.js';

/**
 * A rule per tag, up to field 63. It says up to how many bytes a varint is always valid, or that a length follows, or that
 * the fast check cannot decide.
 */
export type PlainRules = Int8Array;
const CONTENT = -1;
const UNSURE = 0;
const ANY_VARINT = 10;
const HIGHEST_FIELD = 63;

export const plainRules = (fields: readonly Field<unknown>[]): PlainRules => {
  const rules = new Int8Array((HIGHEST_FIELD + 1) * 8).fill(UNSURE);
  for (let number = 1; number <= HIGHEST_FIELD; number++) {
    const field = fields.find(one => one.number === number);
    if (field?.wireType !== 2) rules[number * 8] = field?.plain ?? ANY_VARINT;
    if (field?.wireType !== 0) rules[number * 8 + 2] = CONTENT;
  }
  return rules;
};

/**
 * A fast check of a message's structure: `true` if it is valid, `false` if the full check has to decide.
 *
 * It handles nearly all messages, and creates no objects. `check` of the `MessageCodec` must accept everything that this
 * check accepts; a property test compares them.
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
      if (left === 1 && rule === ANY_VARINT && byte > 1) return false; // the 65th bit
    } else if (rule === CONTENT) {
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
