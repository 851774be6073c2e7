// The dialogue of a node and a core beside events. It tells the core where to begin, because pair has no acknowledgements.
//
//   core ──► node    an empty message: how far are you?
//   node ──► core    its progress as JSON, now and after every commit; `null` while it has no block
//
// A core that never asks, such as one written in Go, never receives a message it does not understand.
import { type Either, isRight, left, tryCatchK } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { BlockProgress, CommittedBlock } from 'rx-event-broker';

/** The progress of a node: its committed blocks. */
export type Progress = BlockProgress | null;

const Progress = t.union([
  t.null,
  t.readonly(t.type({ firstHeight: t.number, height: t.number, hashes: t.readonlyArray(t.string) })),
]);

/** The question. */
export const question = new Uint8Array(0);

export const encodeProgress = (progress: Progress): Uint8Array => new TextEncoder().encode(JSON.stringify(progress));

const parse = tryCatchK((bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes)), String);

/** Left: what was found instead. */
export const decodeProgress = (bytes: Uint8Array): Either<string, Progress> => {
  const json = parse(bytes);
  if (!isRight(json)) return json;
  const progress = Progress.decode(json.right);
  return isRight(progress) ? progress : left(JSON.stringify(json.right));
};

/** The progress after one more block. */
export const withBlock = (progress: Progress, { height, hash }: Pick<CommittedBlock, 'height' | 'hash'>): Progress => {
  const { firstHeight, hashes } = progress ?? { firstHeight: height, hashes: [] };
  return { firstHeight, height, hashes: height === firstHeight ? [...hashes, hash] : hashes };
};

/** Whether a node has this block. It has all blocks up to its height, and the first height may have two. */
export const isStored = (progress: Progress, block: { readonly height: number; readonly hash: string }): boolean => {
  if (progress === null || block.height > progress.height) return false;
  return block.height > progress.firstHeight || progress.hashes.includes(block.hash.toLowerCase());
};
