import type { BlockStore } from '../../lib/store/BlockStore.js';

/** A store that says what it is asked, in `log`, and may fail or wait there: `before` is called with each operation. */
export const loggedStore = <Tx>(
  store: BlockStore<Tx>,
  log: (operation: string) => void,
  before: (operation: string) => Promise<void> | undefined = () => undefined,
): BlockStore<Tx> => {
  const told = async <A>(operation: string, run: () => Promise<A>): Promise<A> => {
    log(operation);
    await before(operation);
    return run();
  };
  return {
    progress: () => told('progress', () => store.progress()),
    begin: () => told('begin', () => store.begin()),
    add: (tx, block) => told(`add ${block.height}`, () => store.add(tx, block)),
    attempt: (tx, work) => told('attempt', () => store.attempt(tx, work)),
    commit: (tx, received) => told('commit', () => store.commit(tx, received)),
    rollback: tx => told('rollback', () => store.rollback(tx)),
    refreshViews: () => told('refreshViews', () => store.refreshViews()),
  };
};
