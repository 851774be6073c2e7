import type { Missed } from 'rx-event-broker/web';
import { sseEvents } from './sseEvents.js';

/** How long a slow client rests after each event, in ms. */
export const RESTS = 150;

/** How many events a client has received, and how many were reported to it as missed. */
export interface Count {
  readonly name: string;
  readonly received: number;
  readonly told: number;
}

/** Reads prices to their end. */
export const client = async (url: string): Promise<Count> => {
  const query = new URL(url).searchParams;
  const count = { name: `${query.has('slow') ? 'slow tab' : 'tab'} ${query.get('tab')}`, received: 0, told: 0 };
  for await (const { type, data } of sseEvents(url, new AbortController().signal)) {
    if (type === 'missed') count.told += (JSON.parse(data) as Missed).count ?? 0;
    else count.received++;
    if (query.has('slow')) await new Promise(done => setTimeout(done, RESTS));
  }
  return count;
};
