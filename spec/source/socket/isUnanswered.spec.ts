import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { isUnanswered, unansweredIn } from '../../../lib/source/socket/isUnanswered.js';

const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
/** Of 127.0.0.1:3005 with 10.1.2.3:40000. */
const row = (retransmits: string, probes: string, remote = '0302010A:9C40') =>
  `   1: 0100007F:0BBD ${remote} 01 00000800:00000000 01:00000200 ${retransmits}     0        ${probes} 99 3 0 20 4 30 10 -1`;
const peer = { address: '10.1.2.3', port: 40_000, localPort: 3005 };
const lookUp = (line: string, to = peer) => unansweredIn(`${header}\n${line}\n`, to);

describe('isUnanswered', () => {
  test('N2 six retransmissions or probes of a window in a row, and no answer', () => {
    expect(lookUp(row('00000000', '0'))).toBe(false);
    expect(lookUp(row('00000005', '5'))).toBe(false);
    expect(lookUp(row('00000006', '0'))).toBe(true);
    expect(lookUp(row('0000000C', '0'))).toBe(true);
    expect(lookUp(row('00000000', '6'))).toBe(true);
  });

  test('the connection of another peer does not matter', () => {
    expect(lookUp(row('00000009', '0'), { ...peer, address: '10.1.2.4' })).toBe(false);
    expect(lookUp(row('00000009', '0'), { ...peer, port: 40_001 })).toBe(false);
    expect(lookUp(row('00000009', '0'), { ...peer, localPort: 3006 })).toBe(false);
  });

  test.each([
    ['fe80::1', '000080FE000000000000000001000000:9C40'],
    ['fe80::1%eth0', '000080FE000000000000000001000000:9C40'],
    ['2001:db8::ff00:42:8329', 'B80D01200000000000FF0000298342 00:9C40'.replace(' ', '')],
    ['::ffff:10.1.2.3', '0000000000000000FFFF00000302010A:9C40'],
  ])('%s', (address, remote) => {
    expect(lookUp(row('00000006', '0', remote), { ...peer, address })).toBe(true);
  });

  test('N2c a missing, empty or malformed table counts as no information', () => {
    for (const table of ['', '\n\n', header, 'x y z', '1: 2 3 4 5 6 7 8 9']) {
      expect(unansweredIn(table, peer)).toBe(false);
    }
  });

  test('a live peer answers; a socket that is closed on this side is already given up', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    const accepted = new Promise<Socket>(resolve => server.once('connection', resolve));
    await new Promise(resolve => server.once('listening', resolve));
    const client = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    const stream = await accepted;
    stream.write('x');
    expect(await isUnanswered(stream)).toBe(false);
    stream.destroy();
    expect(await isUnanswered(stream)).toBe(false);
    client.destroy();
    await new Promise(resolve => server.close(resolve));
  });
});
