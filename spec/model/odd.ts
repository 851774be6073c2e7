import type { Sent, Type } from './World.js';

/** What may be thrown: errors as one knows them, and all that JavaScript lets pass. */
const THROWN: readonly (() => unknown)[] = [
  () => new Error('failed'),
  () => undefined,
  () => Object.create(null) as unknown,
  () => null,
  () =>
    Object.defineProperty(new Error('failed'), 'message', {
      get: () => {
        throw new Error('no message');
      },
    }),
  () => Symbol('failed'),
  () => ({
    toString: () => {
      throw new Error('no text');
    },
  }),
  () => 5n,
  () => Object.setPrototypeOf(new Error('failed'), null) as unknown,
];

/** One after the other. */
export const thrownInTurn = (): (() => unknown) => {
  let next = 0;
  return () => THROWN[next++ % THROWN.length]?.();
};

/** Names that are no text. */
export const NAMES: readonly unknown[] = [
  42,
  null,
  Symbol('name'),
  Object.create(null),
  {
    toString: () => {
      throw new Error('no text');
    },
  },
];

/** An event whose type cannot be read. */
export const unreadable = (n: number): Sent => ({
  get type(): Type {
    throw new Error('unreadable');
  },
  n,
});
