import { OptionError } from '../../flow/OptionError.js';
import { defaultMaxMessageBytes, headerBytes, sizeBytes } from './record.js';

/** What a record's 4-byte size can say. */
const most = 2 ** 32 - 1 - (headerBytes - sizeBytes);

/** `maxMessageBytes` as given, or its default of 64 MiB. Throws `OptionError`. */
export const maxMessageBytesOption = (bytes = defaultMaxMessageBytes): number => {
  if (Number.isSafeInteger(bytes) && bytes >= 0 && bytes <= most) return bytes;
  throw new OptionError('maxMessageBytes', `a whole number of bytes, 0 to ${most}`, bytes);
};
