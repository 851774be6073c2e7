import { readFile } from 'node:fs/promises';
import { SocketAddress, type Socket } from 'node:net';
import { endianness } from 'node:os';

/**
 * A peer counts as gone after this many unanswered retransmissions in a row. The first one is sent after at least
 * 0.2 s, and each wait is twice the one before: at least 12 s in total.
 */
const LOST_AFTER = 6;

/**
 * Whether a peer has not acknowledged sent bytes for a while. A machine without power does not answer, and TCP retries
 * for a quarter of an hour. Keepalive probes do not help: they are sent only while everything is acknowledged.
 *
 * Linux counts retransmissions in `/proc/net/tcp`. On other systems the result is always `false`.
 */
export const isUnanswered = async ({ remoteAddress, remotePort, localPort }: Socket): Promise<boolean> => {
  if (remoteAddress === undefined) return false; // this side has already closed
  const table = await readFile(remoteAddress.includes(':') ? '/proc/net/tcp6' : '/proc/net/tcp', 'utf8').catch(
    () => '',
  );
  return unansweredIn(table, { address: remoteAddress, port: remotePort ?? 0, localPort: localPort ?? 0 });
};

/** As `isUnanswered`, from the text of the table. */
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

/** `0100007F:0BBD` is 127.0.0.1: words of four bytes, each in the machine's byte order. */
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
