import type { ServerResponse } from 'node:http';
import type { History } from './History.js';

/** Bytes that may wait for a page. */
const MOST_WAITING = 4_000_000;

/**
 * What one page gets, by Server-Sent Events.
 *
 *     open ──more than MOST_WAITING bytes wait──► behind ──all are sent──► open, after a reset and the history
 *
 * A page that is slow misses records, is told to begin again, and gets what there is then. Nobody waits for it.
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

  /** Sends a message, unless the page is behind. `text`: as `message` gives it. */
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

/** A message of Server-Sent Events. Lines of JSON have no line ends inside. */
export const message = (lines: readonly string[] = [''], event?: string): string =>
  `${event === undefined ? '' : `event: ${event}\n`}${lines.map(line => `data: ${line}\n`).join('')}\n`;
