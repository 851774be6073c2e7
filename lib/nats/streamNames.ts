import { having, type Check } from '../flow/contract/options.js';

/** The name of a stream, as the server allows it. */
export const streamName: Check = {
  expected: 'the name of a stream, without spaces, dots, *, > and slashes',
  allows: value => typeof value === 'string' && /^[^\s.*>/\\]{1,255}$/u.test(value),
};

/** A subject that is read: `*` and `>` stand for tokens. */
export const subjectFilter: Check = {
  expected: 'a subject: tokens with dots between them, without spaces',
  allows: value => typeof value === 'string' && value.length <= 1024 && /^[^\s.]+(?:\.[^\s.]+)*$/u.test(value),
};

/** Whether it stands for more than one subject. */
export const hasWildcard = (subject: string): boolean => /[*>]/.test(subject);

/** A subject without wildcards, such as the prefix of an API. */
export const plainSubject: Check = {
  expected: 'a subject: tokens with dots between them, without spaces and wildcards',
  allows: value => subjectFilter.allows(value) && !hasWildcard(value as string),
};

/** A subject that messages can be published to: those of the server begin with `$`. */
export const publishSubject: Check = {
  ...plainSubject,
  needed: true,
  allows: value => plainSubject.allows(value) && !(value as string).startsWith('$'),
};

/** A name that can be a part of a subject and of a key. */
export const dottedName: Check = {
  expected: 'a name of letters, digits, - and _, with dots',
  allows: value => typeof value === 'string' && value.length <= 200 && /^[\w-]+(?:\.[\w-]+)*$/.test(value),
};

/** A bucket of NATS KV. */
export const aBucket: Check = having('a bucket of NATS KV', 'get', 'create', 'update');
