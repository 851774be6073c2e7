import * as t from 'io-ts';
import { section, withDefault } from './section.js';

const refined = <A>(name: string, is: t.Is<A>): t.Type<A> =>
  new t.Type(name, is, (u, context) => (is(u) ? t.success(u) : t.failure(u, context)), t.identity);

const whole = (what: string, min: number, max = Number.MAX_SAFE_INTEGER) =>
  refined(
    max === Number.MAX_SAFE_INTEGER ? `${what}, ${min} or more` : `${what}, ${min} to ${max}`,
    (u): u is number => Number.isSafeInteger(u) && (u as number) >= min && (u as number) <= max,
  );
const oneOf = <const V extends string>(...values: readonly V[]) =>
  refined(`one of ${values.join(', ')}`, (u): u is V => values.includes(u as V));

const flag = refined('true or false', (u): u is boolean => typeof u === 'boolean');
const text = refined('a text that is not empty', (u): u is string => typeof u === 'string' && u !== '');
const milliseconds = whole('whole milliseconds', 0);
const count = (of: string, min = 0) => whole(`a whole number of ${of}`, min);

/**
 * The configuration of a data node, with the keys and the defaults of the Go node but for `socketConfig.ip`, which is
 * `0.0.0.0` there (promises C1, C2). Durations are in ms. Every key may be left out; none may be added.
 */
export const Config = section({
  /** What is logged. */
  level: withDefault(oneOf('debug', 'info', 'warn', 'error'), 'info'),
  /** Where the socket listens. */
  socketConfig: section({
    ip: withDefault(text, '127.0.0.1'),
    port: withDefault(whole('a port', 0, 65_535), 3005),
    maxReceiveTimeouts: withDefault(count('timeouts'), 3),
    transportType: withDefault(oneOf('tcp', 'inproc'), 'tcp'),
  }),
  /**
   * For who fans out: their sum is what a branch behind the socket may hold where there is no disk buffer (so does the data
   * node of the examples). With one, what lies in front of it is bounded in bytes: `writeBufferBytes` of `bufferOnDisk`.
   */
  socketServerInboundBufferSize: withDefault(count('messages'), 10_000),
  socketServerOutboundBufferSize: withDefault(count('messages'), 10_000),
  /** Recorded files instead of the socket. */
  fileEventSourceConfig: section({
    directory: withDefault(text, 'events'),
    timeBetweenBlocks: withDefault(milliseconds, 1000),
    sendChannelBufferSize: withDefault(count('events'), 1000),
  }),
  /** `true`: recorded files. `false`: the socket. */
  useEventFile: withDefault(flag, false),
  /** What a subscriber's failure does: `true` stops the node, `false` is announced and passed over. */
  panicOnError: withDefault(flag, false),
  /** The disk buffer behind the socket. */
  useBufferedEventSource: withDefault(flag, true),
  bufferedEventSourceConfig: section({
    eventsPerFile: withDefault(count('events'), 10_000_000),
    sendChannelBufferSize: withDefault(count('events'), 10_000),
    archive: withDefault(flag, true),
    archiveMaximumSizeBytes: withDefault(count('bytes'), 1_000_000_000),
  }),
  /** In events: the capacity of each optional subscriber. */
  eventBusClientBufferSize: withDefault(count('events'), 100_000),
});
export type Config = t.TypeOf<typeof Config>;
