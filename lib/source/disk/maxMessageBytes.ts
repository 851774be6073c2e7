import { count } from '../../flow/contract/options.js';
import { headerBytes, sizeBytes } from './format/record.js';

/** What a record's 4-byte size can say. */
const most = 2 ** 32 - 1 - (headerBytes - sizeBytes);

/** `maxMessageBytes` of everything here. */
export const maxMessageBytes = count(0, most);
