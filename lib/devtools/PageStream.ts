import type { ServerResponse } from 'node:http';
import type { History } from './History.js';

/** How many bytes may wait for a page. */
const MOST_WAITING = 4_000_000;

/**
 * The connection to one page, by server-sent events.
 *
 *     open ──more than MOST_WAITING bytes wait──► behind ──all are sent──► open, after a reset and the history
 *
 * A slow page misses records. When it has caught up, it is reset and gets the history again. It never slows the broker down.
 */
export class PageStream {
  readonly #response: ServerResponse;
  readonly #history: History;
  #isBehind = false;

  constructor(response: ServerResponse, history: History) {
    this.#response = response;
    this.#history = history;
    response.on('drain', () => {
      if (!this.#isBehind) return;
      this.#isBehind = false;
      this.#begin();
    });
    this.#begin();
  }

  /** Sends a text from `message`, unless the page is behind. */
  send(text: string): void {
    if (this.#isBehind) return;
    this.#response.write(text);
    this.#isBehind = this.#response.writableLength > MOST_WAITING;
  }

  #begin(): void {
    const lines = this.#history.lines();
    this.send(message(undefined, 'reset') + (lines.length === 0 ? '' : message(lines)));
  }
}

/** Formats a server-sent event. The lines must contain no line breaks, like lines of JSON. */
export const message = (lines: readonly string[] = [''], event?: string): string =>
  `${event === undefined ? '' : `event: ${event}\n`}${lines.map(line => `data: ${line}\n`).join('')}\n`;
