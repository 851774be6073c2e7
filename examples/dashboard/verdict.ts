import type { Notice, Tally } from 'rx-event-broker';
import type { Count } from './client.js';

export interface Verdict {
  readonly lines: readonly string[];
  /** Whether every client and the ledger got what was promised. */
  readonly isKept: boolean;
}

/** Compares what each subscriber got with what the clients report. A client that reconnected is several subscribers of one name. */
export const verdictOf = (ended: {
  readonly closed: readonly Extract<Notice, { readonly type: 'Closed' }>[];
  readonly clients: readonly Count[];
  /** The trades that the ledger has, and all trades. */
  readonly saved: number;
  readonly trades: number;
}): Verdict => {
  const { closed, clients, saved, trades } = ended;
  const sum = (name: string, key: keyof Tally): number =>
    closed.filter(({ subscriber }) => subscriber.name === name).reduce((all, { tally }) => all + tally[key], 0);
  const names = [...new Set(closed.map(({ subscriber }) => subscriber.name))].filter(name => name !== 'ledger');
  const isSaved = saved === trades && sum('ledger', 'dropped') === 0;
  const wrong = clients.filter(({ name, received, told }) => received + told !== sum(name, 'offered'));
  return {
    isKept: isSaved && wrong.length === 0,
    lines: [
      `ledger: ${saved} of ${trades} trades saved, ${sum('ledger', 'dropped')} dropped`,
      ...names.map(
        name =>
          `${name}: ${sum(name, 'offered')} offered, ${sum(name, 'delivered')} sent, ${sum(name, 'dropped')} superseded`,
      ),
      ...clients.map(({ name, received, told }) => `${name} says: ${received} received, notified of ${told} missed`),
      ...wrong.map(
        ({ name }) => `BROKEN: the received and missed events of ${name} do not add up to what it was offered`,
      ),
      ...(isSaved ? [] : ['BROKEN: the ledger lacks trades']),
    ],
  };
};
