import type { Client } from 'pg';
import type { SqlBlockStoreOptions } from '../../../lib/store/sql/sqlBlockStore.js';
import type { ChainEvent } from '../chainOf.js';
import { gatedClient } from './gatedClient.js';
import { ownerOf, type Outcome } from './ownerOf.js';
import { pidOf } from './sessions.js';

export interface GatedOwner {
  readonly pid: number;
  readonly outcome: Promise<Outcome>;
  /** The statement that waits; `undefined` at the end. */
  next(): Promise<string | undefined>;
  release(): void;
  open(): void;
}

/** An owner that is held before each of its statements. */
export const gatedOwner = async (
  client: Client,
  chain: readonly ChainEvent[],
  options: SqlBlockStoreOptions = { fence: true },
): Promise<GatedOwner> => {
  const pid = await pidOf(client);
  const gate = gatedClient(client);
  const outcome = ownerOf(gate.client, chain, options);
  /** The next statement, or `undefined` at the end. */
  const next = (): Promise<string | undefined> => Promise.race([gate.next(), outcome.then(() => undefined)]);
  return { pid, outcome, next, release: () => gate.release(), open: () => gate.open() };
};
