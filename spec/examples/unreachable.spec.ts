// What the examples say if a server that they need cannot be reached.
import { describe, expect, test } from '@jest/globals';
import { isLeft } from 'fp-ts/lib/Either.js';
import { connectTo } from '../../examples/cluster/natsServer.js';
import { openJetStream } from '../../examples/node/openJetStream.js';
import { openDatabase } from '../../examples/store/openDatabase.js';
import { unreachable } from '../../examples/terminal/unreachable.js';
import { decodeConfig } from '../../lib/config/decodeConfig.js';

/** A port at which nobody listens, and which nobody is given. */
const NOWHERE = '127.0.0.1:1';
const jetStreamAt = (url: string) => {
  const config = decodeConfig({ jetStreamSourceConfig: { url } });
  if (isLeft(config)) throw config.left;
  return openJetStream(config.right);
};

describe('a server that cannot be reached is named, without its password', () => {
  test.each<[string, string, () => Promise<unknown>]>([
    [
      'PostgreSQL',
      `cannot use PostgreSQL at postgres://${NOWHERE}/name: connect ECONNREFUSED`,
      () => openDatabase(`postgres://me:secret@${NOWHERE}/name?password=secret`, ''),
    ],
    [
      'a database that is no URL',
      'the database: expected a URL such as postgres://user@127.0.0.1:5432/name',
      () => openDatabase('secret', ''),
    ],
    [
      'JetStream of the data node',
      `cannot use NATS JetStream at nats://${NOWHERE},nats://${NOWHERE}: connection refused`,
      () => jetStreamAt(`nats://me:secret@${NOWHERE},nats://secret@${NOWHERE}`),
    ],
    ['JetStream, no URL', 'cannot use NATS JetStream at :::: Invalid URL', () => jetStreamAt(':::')],
    ['NATS of the cluster', `cannot use NATS at ${NOWHERE}: `, () => connectTo(`me:secret@${NOWHERE}`)],
  ])('%s', async (_, said, open) => {
    const message = await open().then(
      () => 'opened',
      (error: unknown) => (error as Error).message,
    );
    expect(message).toContain(said);
    expect(message).not.toContain('secret');
  });

  test('an error of several addresses, which has no message', () => {
    const error = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    expect(() => unreachable('NATS', 'nats://localhost')(error)).toThrow(
      'cannot use NATS at nats://localhost: ECONNREFUSED',
    );
  });
});
