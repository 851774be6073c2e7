import { shown } from '../../event/shown.js';
import { ignoreOutcome } from '../../flow/mailbox/Work.js';

/** The fields of a server-sent event. */
export interface SseFields {
  /** The event type, as in `addEventListener(event, …)`. */
  readonly event: string;
  /** The data, in any number of lines. */
  readonly data: string;
  /** The id. A client that reconnects sends the last one as `Last-Event-ID`. */
  readonly id?: string | number | undefined;
}

const LINES = /\r\n|\r|\n/;
/** Half of a surrogate pair. UTF-8 cannot encode it. */
const LONE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/**
 * Formats a server-sent event (HTML, section 9.2.5). Each line of the data becomes a field. Throws `TypeError` if a field is
 * invalid: a client would ignore an id with NULL, and read text after a line break as another field.
 */
export const sseFrame = ({ event, data, id }: SseFields): string => {
  const name = field('the type of an event', event);
  const head = id === undefined ? '' : `id: ${field('the id of an event', id)}\n`;
  const lines = data.split(LINES).map(line => `data: ${line}\n`);
  return `${head}event: ${name}\n${lines.join('')}\n`;
};

/** A comment. Clients ignore it, and proxies see that the connection is alive. */
export const SSE_COMMENT = ':\n\n';

const field = (what: string, value: unknown): string => {
  if ((typeof value !== 'string' && typeof value !== 'number') || /[\r\n\0]/.test(String(value))) {
    ignoreOutcome(value);
    throw new TypeError(
      `${what} is invalid: expected a string of one line without NULL, or a number, found ${typeof value === 'string' ? JSON.stringify(value) : shown(value)}`,
    );
  }
  if (LONE.test(String(value))) throw new TypeError(`${what} is invalid: it contains half of a surrogate pair`);
  return String(value);
};
