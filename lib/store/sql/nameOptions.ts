import type { Check } from '../../flow/contract/options.js';

const areNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(name => typeof name === 'string' && name !== '');

/** Names, maybe none, each once. */
export const names: Check = {
  expected: 'an array of names, each once',
  allows: value => areNames(value) && new Set(value).size === value.length,
};

export const someNames: Check = {
  expected: 'an array of one or more names, each once',
  allows: value => names.allows(value) && (value as readonly string[]).length > 0,
};
