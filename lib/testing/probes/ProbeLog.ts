import type { Message } from '../marbles/Message.js';

/** What a probe saw. `missed` counts events; all others carry the event. */
export interface ProbeLog {
  readonly name: string;
  readonly began: Message[];
  readonly done: Message[];
  readonly failed: Message[];
  readonly cut: Message[];
  readonly missed: Message[];
}

export const emptyLog = (name: string): ProbeLog => ({ name, began: [], done: [], failed: [], cut: [], missed: [] });
