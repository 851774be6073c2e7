import { having, type Check } from '../flow/contract/options.js';

/** A stream name that the server allows. */
export const streamName: Check = {
  expected: 'the name of a stream, without spaces, dots, *, > and slashes',
  allows: value => typeof value === 'string' && /^[^\s.*>/\\]{1,255}$/u.test(value),
};

/** A subject to read from. `*` and `>` are wildcards. */
export const subjectFilter: Check = {
  expected: 'a subject: tokens separated by dots, without spaces',
  allows: value => typeof value === 'string' && value.length <= 1024 && /^[^\s.]+(?:\.[^\s.]+)*$/u.test(value),
};

/** Whether the filter can match more than one subject. */
export const hasWildcard = (subject: string): boolean => /[*>]/.test(subject);

/** A subject without wildcards, such as the prefix of an API. */
export const plainSubject: Check = {
  expected: 'a subject: tokens separated by dots, without spaces and wildcards',
  allows: value => subjectFilter.allows(value) && !hasWildcard(value as string),
};

/** A subject that a sink may publish to. Subjects that begin with `$` belong to the server. */
export const publishSubject: Check = {
  ...plainSubject,
  needed: true,
  allows: value => plainSubject.allows(value) && !(value as string).startsWith('$'),
};

/** A name that is valid inside a subject and inside a KV key. */
export const dottedName: Check = {
  expected: 'a name of letters, digits, - and _, with dots',
  allows: value => typeof value === 'string' && value.length <= 200 && /^[\w-]+(?:\.[\w-]+)*$/.test(value),
};

export const aBucket: Check = having('a bucket of NATS KV', 'get', 'create', 'update');
