import type { JetStreamApi } from './jetStreamApi.js';
import type { ConsumerInfo } from './StreamInfo.js';

/** Why a consumer gives nothing, although it is asked (promise J8). */
export type StallCause =
  /** There is nothing to give. */
  | { readonly type: 'idle' }
  /** Its messages are held back on purpose. */
  | { readonly type: 'paused'; readonly cause: string }
  /** It should give something. */
  | { readonly type: 'broken'; readonly cause: string };

export const stallCause = async (ask: JetStreamApi, stream: string, consumer: string): Promise<StallCause> => {
  const answer = await ask<ConsumerInfo>(`CONSUMER.INFO.${stream}.${consumer}`);
  if ('obstacle' in answer) return { type: 'broken', cause: answer.obstacle };
  if ('refused' in answer) return { type: 'broken', cause: `its consumer: ${answer.refused.description}` };
  const { num_pending: pending, paused: isPaused } = answer.value;
  if (pending === 0) return { type: 'idle' };
  if (isPaused === true) return { type: 'paused', cause: `its consumer is paused, with ${pending} messages to come` };
  return { type: 'broken', cause: `its consumer gives nothing, with ${pending} messages to come` };
};
