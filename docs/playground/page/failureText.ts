import type { Failure } from '../Protocol.js';

/** `Line 1, column 11: unexpected token`, as far as the place is known. */
export const failureText = ({ text, line, column }: Failure): string => {
  if (line === undefined) return text;
  return `Line ${line}${column === undefined ? '' : `, column ${column}`}: ${text}`;
};
