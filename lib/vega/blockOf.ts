import { TAGS } from './envelope/tags.js';
import { RecentText } from './wire/RecentText.js';
import { isBytes } from './wire/isBytes.js';
import { isMalformed } from './wire/Malformed.js';
import { WireReader } from './wire/WireReader.js';

/** The type number of `BeginBlock`. */
const BEGIN_BLOCK = 49;
const lowerCase = new RecentText(text => text.toLowerCase());

/**
 * Finds, for file sources and disk buffers, the block of a message (its trace id, in lower case), and whether the message
 * is the first of its block. Reads these two fields and nothing else, so the rest of the message may be invalid.
 *
 * Never throws. A message without these fields belongs to no block (`''`) and counts as the start of one. So a file source
 * emits it, and the decoder reports what is wrong.
 *
 * @example
 * ```ts
 * bufferFiles({ directory: 'events', blockOf, timeBetweenBlocks: 1000 });
 * ```
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const blockOf = (
  message: Uint8Array,
): {
  /** The trace id in lower case; `''` if the message has none. */
  readonly block: string;
  /** Whether the message is the first of its block. */
  readonly begins: boolean;
} => {
  if (!isBytes(message)) return { block: '', begins: true };
  const reader = new WireReader(message);
  let block: string | undefined;
  let type: number | undefined;
  try {
    while (block === undefined || type === undefined) {
      const tag = reader.tag();
      if (tag === TAGS.BLOCK) {
        const end = reader.content();
        block = lowerCase.read(message, reader.at, end);
        reader.at = end;
      } else if (tag === TAGS.TYPE) type = reader.number();
      else reader.skip(tag & 7);
    }
  } catch (error) {
    if (!isMalformed(error)) throw error;
  }
  if (block === undefined || type === undefined) return { block: '', begins: true };
  return { block, begins: type === BEGIN_BLOCK };
};
