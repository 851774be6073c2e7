import type { AnyEvent } from '../event/AnyEvent.js';
import { shown } from '../event/shown.js';
import { OptionError } from '../flow/contract/OptionError.js';
import { ignoreOutcome, isWork } from '../flow/mailbox/Work.js';
import type { BlockMark } from './blocks.js';

/** The checked mark of an event. `blockMark` is the user's code, and its result decides what is stored. */
export const markOf = <E extends AnyEvent>(blockMark: (event: E) => BlockMark, event: E): BlockMark => {
  if (typeof (event as AnyEvent | undefined)?.type !== 'string')
    throw new OptionError('source', 'events with a type', event);
  const mark = blockMark(event);
  // The fast path for most events: each field is read once.
  const isRight =
    (mark as BlockMark | undefined)?.kind === 'other' &&
    typeof mark.chainId === 'string' &&
    Number.isSafeInteger(mark.height);
  if (!isRight) checkMark(mark);
  return mark;
};

const checkMark = (mark: unknown): void => {
  ignoreOutcome(mark);
  if (typeof mark !== 'object' || mark === null || isWork(mark)) throw wrong('a mark', mark);
  const { kind, chainId, height, hash, time } = mark as Readonly<Record<keyof BlockMark, unknown>>;
  if (!KINDS.has(kind)) throw wrong(`a kind, one of ${[...KINDS].join(', ')}`, kind);
  if (typeof chainId !== 'string') throw wrong('a chainId that is a string', chainId);
  if (!Number.isSafeInteger(height)) throw wrong('a height that is a whole number', height);
  if (kind !== 'begin') return;
  if (typeof hash !== 'string') throw wrong('a hash that is a string', hash);
  if (time !== undefined && (typeof time !== 'bigint' || time > LATEST || time < -LATEST))
    throw wrong(`a time that is a bigint of ns, from -${shown(LATEST)} to ${shown(LATEST)}`, time);
};

const wrong = (expected: string, found: unknown): OptionError => new OptionError('blockMark', expected, found);

const KINDS: ReadonlySet<unknown> = new Set<BlockMark['kind']>([
  'begin',
  'end',
  'epoch',
  'snapshot',
  'upgradeSnapshot',
  'upgradeStarted',
  'other',
]);

/** Unix ns of the year 275760, the last one that a `Date` can hold. */
const LATEST = 8_640_000_000_000_000n * 1_000_000n;
