import { readFile } from 'node:fs/promises';
import { SocketAddress, type Socket } from 'node:net';
import { endianness } from 'node:os';

/**
 * Retransmissions in a row without an answer, from which on nobody is taken to be there. The first comes after 0.2 s or
 * more, each of the others after twice the time: 12 s at least.
 */
const LOST_AFTER = 6;

/**
 * Whether a peer has left what was sent to it unacknowledged for a while. A machine without power says nothing, and TCP
 * goes on trying for a quarter of an hour; probes (keepalive) are sent only while nothing is unacknowledged.
 *
 * Linux tells the retransmissions, in `/proc/net/tcp`. Elsewhere nobody is taken to be lost before the system says so.
 */
export const isUnanswered = async ({ remoteAddress, remotePort, localPort }: Socket): Promise<boolean> => {
  if (remoteAddress === undefined) return false; // closed here already
  const table = await readFile(remoteAddress.includes(':') ? '/proc/net/tcp6' : '/proc/net/tcp', 'utf8').catch(
    () => '',
  );
  return unansweredIn(table, { address: remoteAddress, port: remotePort ?? 0, localPort: localPort ?? 0 });
};

/** The same, read from such a table. */
export const unansweredIn = (
  table: string,
  to: { readonly address: string; readonly port: number; readonly localPort: number },
): boolean =>
  table.split('\n').some(line => {
    //   sl  local_address  rem_address  st  tx_queue:rx_queue  tr:tm->when  retrnsmt  uid  timeout  inode …
    const [, local = '', remote = '', , , , retransmits = '', , probes = ''] = line.trim().split(/\s+/);
    if (portIn(local) !== to.localPort || portIn(remote) !== to.port) return false;
    if (addressIn(remote) !== to.address.replace(/%.*/, '')) return false;
    return parseInt(retransmits, 16) >= LOST_AFTER || Number(probes) >= LOST_AFTER;
  });

const portIn = (place: string): number => parseInt(place.split(':')[1] ?? '', 16);

/** `0100007F:0BBD` is 127.0.0.1: words of four bytes, each in the order of the machine. */
const addressIn = (place: string): string => {
  const words = /^(?:[0-9A-F]{8})+/.exec(place)?.[0].match(/.{8}/g) ?? [];
  const bytes = words.flatMap(word => {
    const inWord = (word.match(/../g) ?? []).map(byte => parseInt(byte, 16));
    return endianness() === 'LE' ? inWord.reverse() : inWord;
  });
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return '';
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i]! << 8) | bytes[2 * i + 1]!).toString(16));
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
};
