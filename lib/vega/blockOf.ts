import { RecentText } from './wire/RecentText.js';
import { isBytes } from './wire/isBytes.js';
import { isMalformed } from './wire/Malformed.js';
import { WireReader } from './wire/WireReader.js';

const beginBlock = 49;
const lowerCase = new RecentText(text => text.toLowerCase());

/**
 * Which block a message belongs to (its trace id, in lower case), and whether it begins one: the seam at which file sources and
 * disk buffers meet the protocol. Reads the two fields and nothing else, so it says nothing about the rest of the message.
 *
 * Never throws. A message in which they cannot be read belongs to no block (`''`) and is said to begin one: so a file source does
 * not hold it back as something before the first block, and the decoder, which comes next, says what is wrong with it.
 */
export const blockOf = (message: Uint8Array): { readonly block: string; readonly begins: boolean } => {
  if (!isBytes(message)) return { block: '', begins: true };
  const reader = new WireReader(message);
  let block: string | undefined;
  let type: number | undefined;
  try {
    while (block === undefined || type === undefined) {
      const tag = reader.tag();
      if (tag === 0x12) {
        const end = reader.content();
        block = lowerCase.read(message, reader.at, end);
        reader.at = end;
      } else if (tag === 0x18) type = reader.number();
      else reader.skip(tag & 7);
    }
  } catch (error) {
    if (!isMalformed(error)) throw error;
  }
  if (block === undefined || type === undefined) return { block: '', begins: true };
  return { block, begins: type === beginBlock };
};
