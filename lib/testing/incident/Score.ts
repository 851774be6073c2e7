import type { IncidentEvent } from './Incident.js';
import { timeline } from './timeline.js';

/** The letters of marbles. After those of the alphabet, other characters follow. */
const ALPHABET = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const letterOf = (index: number): string => ALPHABET[index] ?? String.fromCharCode(0x4e00 + index);

/** A run of equal events. */
export interface Times {
  readonly event: number;
  readonly count: number;
}

/** The events of an incident as marbles. A letter stands for all events of one ms. Equal events are listed once. */
export interface Score {
  readonly marbles: string;
  readonly events: readonly Omit<IncidentEvent, 'at'>[];
  readonly letters: Readonly<Record<string, readonly Times[]>>;
}

/** Turns events into marbles. Events of the same ms keep their order. */
export const scoreOf = (sent: readonly IncidentEvent[]): Score => {
  const events = new Map<string, Omit<IncidentEvent, 'at'>>();
  const order = new Map<string, number>();
  const frames = new Map<number, Times[]>();
  const first = sent[0]?.at ?? 0;
  for (const { at, ...event } of sent) {
    const text = JSON.stringify(event);
    if (!order.has(text)) order.set(text, order.size);
    events.set(text, event);
    const number = order.get(text)!;
    const frame = frames.get(at - first) ?? [];
    const last = frame.at(-1);
    if (last?.event === number) frame[frame.length - 1] = { event: number, count: last.count + 1 };
    else frame.push({ event: number, count: 1 });
    frames.set(at - first, frame);
  }
  const letters = new Map<string, { readonly letter: string; readonly times: readonly Times[] }>();
  const drawn = [...frames].map(([at, times]) => {
    const text = JSON.stringify(times);
    const known = letters.get(text) ?? { letter: letterOf(letters.size), times };
    letters.set(text, known);
    return { at, letter: known.letter };
  });
  return {
    marbles: timeline(drawn.sort((a, b) => a.at - b.at)),
    events: [...events.values()],
    letters: Object.fromEntries([...letters.values()].map(({ letter, times }) => [letter, times])),
  };
};
