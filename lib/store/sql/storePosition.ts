import { OptionError } from '../../flow/contract/OptionError.js';
import { aFunction, checkOption, needed } from '../../flow/contract/options.js';
import type { PositionStore } from '../../flow/contract/PositionStore.js';
import { isStorable } from './isStorable.js';

/** The position of the source in a store: the committed one, and the source that is asked for the next one. */
export interface StorePosition {
  /** The part that the source uses. */
  readonly port: PositionStore;
  /** The progress is being read, or the transaction was rolled back. Reads from now on wait for `loaded`. */
  readonly loading: () => void;
  /** The progress was read, and this position with it. */
  readonly loaded: (position: string | undefined) => void;
  /** The progress could not be read. */
  readonly failed: (error: unknown) => void;
  /** Asks the source for its position after that many values. Throws if it is invalid, and throws what `positionAt` throws. */
  readonly after: (received: number) => string | undefined;
  /** The transaction with this position was committed. */
  readonly committed: (position: string | undefined) => void;
}

const MAX_BYTES = 4096;

/** A position that was read before the last rollback may not be the last one, if another owner has written since. */
export const storePosition = (): StorePosition => {
  let stored: string | undefined;
  let turn = newTurn();
  let follower: { readonly positionAt: (received: number) => string | undefined } | undefined;

  return {
    port: {
      read: async () => {
        await turn.come;
        return stored;
      },
      follow: positionAt => {
        checkOption('positionAt', positionAt, needed(aFunction));
        const mine = (follower = { positionAt });
        return () => {
          if (follower === mine) follower = undefined;
        };
      },
    },
    loading: () => {
      if (turn.isOver) turn = newTurn();
    },
    loaded: position => {
      stored = position;
      turn.end();
    },
    failed: error => {
      turn.fail(error);
      turn = newTurn();
    },
    after: received => {
      const position: unknown = follower?.positionAt(received);
      if (position === undefined || isStorable(position, MAX_BYTES)) return position;
      throw new OptionError('positionAt', `a text of at most ${MAX_BYTES} bytes`, position);
    },
    committed: position => {
      stored = position ?? stored;
    },
  };
};

interface Turn {
  readonly come: Promise<void>;
  isOver: boolean;
  end(): void;
  fail(error: unknown): void;
}

const newTurn = (): Turn => {
  let end: () => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const come = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  // a rejection must not be unhandled if nothing reads
  come.catch(() => undefined);
  const turn: Turn = {
    come,
    isOver: false,
    end: () => {
      turn.isOver = true;
      end();
    },
    fail,
  };
  return turn;
};
