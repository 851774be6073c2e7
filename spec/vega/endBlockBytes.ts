import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import type { DecodeError } from '../../lib/event/DecodeError.js';
import { vegaDecoder, type VegaEvent } from '../../lib/vega.js';

export const hex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/[0-9a-f]{2}/g) ?? [], byte => parseInt(byte, 16));
export const ascii = (text: string): string =>
  [...text].map(one => one.charCodeAt(0).toString(16).padStart(2, '0')).join('');
export const field = (tag: string, content: string): string =>
  `${tag}${(content.replace(/ /g, '').length / 2).toString(16).padStart(2, '0')}${content}`;

export const parts = {
  id: field('0a', ascii('12-3')),
  block: field('12', ascii('AB')),
  type: '1832', // 50, END_BLOCK
  version: '2001',
  chain: field('2a', ascii('c')),
  tx: field('32', ascii('CD')),
  payload: field('aa09', '080c'), // field 149
};
/** A sound message of an `EndBlock`, with some parts put in another way. */
export const put = (other: Partial<typeof parts> = {}): Uint8Array =>
  hex(Object.values({ ...parts, ...other }).join(''));

export const decode = (bytes: Uint8Array): VegaEvent => {
  const result = vegaDecoder.decode(bytes);
  if (!isRight(result)) throw result.left;
  return result.right;
};
export const refusal = (bytes: Uint8Array): DecodeError => {
  const result = vegaDecoder.decode(bytes);
  if (!isLeft(result)) throw new Error(`was decoded: ${result.right.type}`);
  return result.left;
};
