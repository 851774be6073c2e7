import { shown } from '../../event/shown.js';
import { ignoreOutcome } from '../../flow/mailbox/Work.js';

/** The fields of an event of Server-Sent Events. */
export interface SseFields {
  /** The event as it is told apart from others: `addEventListener(event, …)`. */
  readonly event: string;
  /** What it says, in any number of lines. */
  readonly data: string;
  /** What a client that comes back sends as `Last-Event-ID`. */
  readonly id?: string | number | undefined;
}

const LINES = /\r\n|\r|\n/;
/** A stream is UTF-8: half of a surrogate pair would become another character. */
const LONE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/**
 * An event as the text of a stream (HTML, section 9.2.5). A line of data becomes a field. A text that cannot be a field is a
 * `TypeError`: a client ignores an id with NULL, and takes what follows a line end for another field.
 */
export const sseFrame = ({ event, data, id }: SseFields): string => {
  const name = field('the type of an event', event);
  const head = id === undefined ? '' : `id: ${field('the id of an event', id)}\n`;
  const lines = data.split(LINES).map(line => `data: ${line}\n`);
  return `${head}event: ${name}\n${lines.join('')}\n`;
};

/** Bytes that clients ignore, and proxies take for a sign of life. */
export const SSE_COMMENT = ':\n\n';

const field = (what: string, value: unknown): string => {
  if ((typeof value !== 'string' && typeof value !== 'number') || /[\r\n\0]/.test(String(value))) {
    ignoreOutcome(value);
    throw new TypeError(
      `${what} cannot be sent: expected a string of one line without NULL, or a number, found ${typeof value === 'string' ? JSON.stringify(value) : shown(value)}`,
    );
  }
  if (LONE.test(String(value))) throw new TypeError(`${what} cannot be sent: it has half of a surrogate pair`);
  return String(value);
};
