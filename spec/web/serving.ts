import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parsedStream, type Dispatched } from './parsedStream.js';

/** A server on the loopback, with its port. */
export interface Serving {
  readonly server: Server;
  readonly port: number;
  /** Cuts what is left, and waits until the server has closed. */
  readonly close: () => Promise<void>;
}

export const serving = async (listener: RequestListener): Promise<Serving> => {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    server,
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
};

/** A client of Server-Sent Events that can stop reading. */
export interface SseClient {
  readonly response: IncomingMessage;
  /** What it has received. */
  readonly text: () => string;
  readonly events: () => readonly Dispatched[];
  /** Waits until it has received something for which `isThere` is true. */
  readonly until: (isThere: (client: SseClient) => boolean) => Promise<void>;
  /** Waits for the end of the response. */
  readonly ended: Promise<unknown>;
}

export const sseClient = async (port: number, headers: Readonly<Record<string, string>> = {}): Promise<SseClient> => {
  const request = get({ port, host: '127.0.0.1', headers, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  request.on('error', () => undefined);
  response.on('error', () => undefined);
  return readingClient(response);
};

/** The same for a response that is there. */
export const readingClient = (response: IncomingMessage): SseClient => {
  const chunks: string[] = [];
  const events: Dispatched[] = [];
  let rest: string[] = [];
  let look = (): void => undefined;
  response.setEncoding('utf8').on('data', (chunk: string) => {
    chunks.push(chunk);
    rest.push(chunk);
    if (chunk.endsWith('\n\n')) {
      const parsed = parsedStream(rest.join(''), events.at(-1)?.lastEventId);
      events.push(...parsed.dispatched);
      rest = [];
    }
    look();
  });
  const client: SseClient = {
    response,
    text: () => chunks.join(''),
    events: () => events,
    until: isThere =>
      new Promise<void>(resolve => {
        look = () => {
          if (!isThere(client)) return;
          look = () => undefined;
          resolve();
        };
        look();
      }),
    ended: new Promise(resolve => response.once('close', resolve)),
  };
  return client;
};
