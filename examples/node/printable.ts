// C0 but the line feed, DEL and C1, marks that turn the direction of writing
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Makes a text from outside safe for a terminal or a log. Nothing in it moves the cursor. A line after a line feed is indented,
 * so that it cannot look like one of our lines.
 */
export const printable = (text: string): string =>
  text
    .replace(UNPRINTABLE, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/\n *(?=.)/g, '\n  ');
