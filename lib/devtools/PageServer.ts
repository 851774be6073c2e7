import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { History } from './History.js';
import { pageHtml } from './pageHtml.js';
import { PageStream } from './PageStream.js';
import { TIMELINE_SCRIPT } from './timelineScript.js';

/** How many pages may be open. */
const MOST_PAGES = 16;

/** The host names of this computer. The port is not checked, because it may be forwarded. */
const LOCAL = ['127.0.0.1', 'localhost'];

const HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
};

/** Serves requests whose host is this computer and whose path contains the token. All others get 404. */
export class PageServer {
  readonly token = randomBytes(24).toString('base64url');
  readonly #title: string;
  readonly #history: History;
  readonly #pages = new Set<PageStream>();

  constructor(title: string, history: History) {
    this.#title = title;
    this.#history = history;
  }

  /** Sends a message to every page. */
  send(text: string): void {
    for (const page of this.#pages) page.send(text);
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const [, token = '', name, ...more] = (request.url ?? '').split('?')[0]!.split('/');
    if (!isLocal(request.headers.host) || !isSame(token, this.token) || more.length > 0) reject(response, 404);
    else if (request.method !== 'GET') reject(response, 405);
    else if (name === undefined) response.writeHead(308, { ...HEADERS, location: `/${token}/` }).end();
    else if (name === '') this.#page(response);
    else if (name === 'timeline.js') {
      response.writeHead(200, { ...HEADERS, 'content-type': 'text/javascript; charset=utf-8' }).end(TIMELINE_SCRIPT);
    } else if (name === 'records') this.#records(response);
    else reject(response, 404);
  }

  #page(response: ServerResponse): void {
    const nonce = randomBytes(16).toString('base64');
    const policy =
      `default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'nonce-${nonce}'; img-src data:; ` +
      `base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
    response
      .writeHead(200, { ...HEADERS, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
      .end(pageHtml(this.#title, nonce));
  }

  #records(response: ServerResponse): void {
    if (this.#pages.size >= MOST_PAGES) {
      reject(response, 503);
      return;
    }
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
    const page = new PageStream(response, this.#history);
    this.#pages.add(page);
    response.on('close', () => this.#pages.delete(page));
  }
}

const reject = (response: ServerResponse, status: number): void => void response.writeHead(status, HEADERS).end();

/** Rejects other host names that resolve to this computer, so that their pages cannot read from it (DNS rebinding). */
const isLocal = (host = ''): boolean => LOCAL.includes(host.replace(/:\d+$/, ''));

const isSame = (given: string, token: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
};
