import { connect, type Socket } from 'node:net';
import { recorder } from './recorder.js';

export const hello = Uint8Array.of(0, 0x53, 0x50, 0, 0, 0x10, 0, 0);

/** A peer without the library: bytes, and nothing understood. */
export interface RawPeer {
  readonly socket: Socket;
  /** What came of it. */
  readonly bytes: () => number[];
  /** So many bytes have come. */
  readonly has: (count: number) => Promise<void>;
  readonly ended: Promise<void>;
}

export const rawPeer = (port: number, ...first: readonly Uint8Array[]): RawPeer => {
  const counts = recorder<number>();
  const chunks: Uint8Array[] = [];
  let count = 0;
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  for (const bytes of first) socket.write(bytes);
  socket
    .on('data', chunk => {
      chunks.push(chunk);
      counts.next((count += chunk.length));
    })
    .on('error', () => {});
  return {
    socket,
    bytes: () => chunks.flatMap(chunk => [...chunk]),
    has: wanted => counts.until(() => count >= wanted),
    ended: new Promise(resolve => socket.once('close', () => resolve())),
  };
};

/** Gives the server time to work: it makes rejected connections, one after the other. */
export const someRoundTrips = async (port: number): Promise<void> => {
  for (let i = 0; i < 20; i++) await rawPeer(port).ended;
};

/** A frame made by hand. */
export const frameOf = (text: string): Uint8Array =>
  Uint8Array.of(0, 0, 0, 0, 0, 0, 0, text.length, ...new TextEncoder().encode(text));

export const textOf = (message: Uint8Array): string => new TextDecoder().decode(message);
