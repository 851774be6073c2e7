import { isRight } from 'fp-ts/lib/Either.js';
import { bytes, message, ProtocolUpgradeDataNodeReady } from 'rx-event-broker/vega';
import { decodeProgress, type Progress } from '../node/progress.js';

/** An answer of the node to its core. */
export type Answer =
  | { readonly type: 'Progress'; readonly progress: Progress }
  /** The node is ready for the upgrade that has begun after the block at `height`. */
  | { readonly type: 'Ready'; readonly height: number };

/** The part of the event that is needed here: its payload. No stream may contain this event. */
const Ready = message('Ready', { payload: bytes(154) });

/** Throws if the message is not an answer. */
export const readAnswer = (bytes: Uint8Array): Answer => {
  const progress = decodeProgress(bytes);
  if (isRight(progress)) return { type: 'Progress', progress: progress.right };
  const event = Ready.decode(bytes);
  const payload = isRight(event) ? ProtocolUpgradeDataNodeReady.decode(event.right.payload) : event;
  if (!isRight(payload)) throw new Error(`answer of the node: expected its progress, found ${progress.left}`);
  return { type: 'Ready', height: payload.right.lastBlockHeight };
};
