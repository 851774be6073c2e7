import type { SqlClient } from '../../../lib/store/sql/SqlClient.js';

/** A real connection whose statements wait, one after the other, until the test lets them go on. */
export interface GatedClient {
  readonly client: SqlClient;
  /** The statement that waits, when there is one. */
  next(): Promise<string>;
  /** Sends the statement that waits. */
  release(): void;
  /** From now on nothing waits. */
  open(): void;
}

export const gatedClient = (client: SqlClient): GatedClient => {
  let isOpen = false;
  let held: { readonly text: string; readonly go: () => void } | undefined;
  let waiting: ((text: string) => void)[] = [];
  const release = (): void => {
    const { go } = held!;
    held = undefined;
    go();
  };
  return {
    client: {
      query: async (text, values) => {
        if (!isOpen) {
          await new Promise<void>(go => {
            held = { text, go };
            for (const arrived of waiting) arrived(text);
            waiting = [];
          });
        }
        return client.query(text, values);
      },
    },
    next: () => (held === undefined ? new Promise(resolve => waiting.push(resolve)) : Promise.resolve(held.text)),
    release,
    open: () => {
      isOpen = true;
      if (held !== undefined) release();
    },
  };
};
