import { OptionError } from '../../flow/OptionError.js';

/** `maxMessageBytes` as given, or its default of 64 MiB. Throws `OptionError`. */
export const maxMessageBytesOption = (bytes = 64 * 2 ** 20): number => {
  if (Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  throw new OptionError('maxMessageBytes', 'a whole number of bytes, 0 or more', bytes);
};
