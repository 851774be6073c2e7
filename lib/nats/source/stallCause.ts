import type { JetStreamApi } from './jetStreamApi.js';
import type { ConsumerInfo } from './StreamInfo.js';

/** Why a consumer delivers nothing although a pull is open (promise J8: stalls are reported). */
export type StallCause =
  /** The stream has no more messages. */
  | { readonly type: 'idle' }
  /** An administrator has paused the consumer. */
  | { readonly type: 'paused'; readonly cause: string }
  /** Messages are pending, and the consumer does not deliver them. */
  | { readonly type: 'broken'; readonly cause: string };

export const stallCause = async (ask: JetStreamApi, stream: string, consumer: string): Promise<StallCause> => {
  const answer = await ask<ConsumerInfo>(`CONSUMER.INFO.${stream}.${consumer}`);
  if ('obstacle' in answer) return { type: 'broken', cause: answer.obstacle };
  if ('refused' in answer) return { type: 'broken', cause: `its consumer: ${answer.refused.description}` };
  const { num_pending: pending, paused: isPaused } = answer.value;
  if (pending === 0) return { type: 'idle' };
  if (isPaused === true) return { type: 'paused', cause: `its consumer is paused, with ${pending} messages pending` };
  return { type: 'broken', cause: `its consumer delivers nothing, with ${pending} messages pending` };
};
