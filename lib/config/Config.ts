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
 * The io-ts codec of a data node's configuration (promises C1, C2: each key has a default, and unknown keys are
 * rejected). The keys and defaults are those of the Go node, except `socketConfig.ip`, which is `0.0.0.0` there.
 * Durations are in ms.
 *
 * @see node_modules/rx-event-broker/docs/configuration.md
 */
export const Config = section({
  /** The least severe level that is logged. Default `info`. */
  level: withDefault(oneOf('debug', 'info', 'warn', 'error'), 'info'),
  /** Where the socket listens. */
  socketConfig: section({
    /** The address to listen on. Default `127.0.0.1`. */
    ip: withDefault(text, '127.0.0.1'),
    /** The port to listen on. Default 3005. */
    port: withDefault(whole('a port', 0, 65_535), 3005),
    /** How many receive timeouts in a row are allowed. Default 3. */
    maxReceiveTimeouts: withDefault(count('timeouts'), 3),
    /** `tcp`, the default, or `inproc` for a core in the same process. */
    transportType: withDefault(oneOf('tcp', 'inproc'), 'tcp'),
  }),
  /**
   * With `socketServerOutboundBufferSize`, the values that a branch of a fan-out may hold if there is no disk buffer.
   * Default 10,000 messages each. With a disk buffer, `writeBufferBytes` of `bufferOnDisk` is the bound.
   */
  socketServerInboundBufferSize: withDefault(count('messages'), 10_000),
  /** See `socketServerInboundBufferSize`. Default 10,000 messages. */
  socketServerOutboundBufferSize: withDefault(count('messages'), 10_000),
  /** The recorded files, used if `useEventFile` is set. */
  fileEventSourceConfig: section({
    /** The folder of the files. Default `events`. */
    directory: withDefault(text, 'events'),
    /** Milliseconds to wait before each block except the first. Default 1000. */
    timeBetweenBlocks: withDefault(milliseconds, 1000),
    /** Values that a branch of a fan-out after the files may hold. Default 1000 events. */
    sendChannelBufferSize: withDefault(count('events'), 1000),
  }),
  /** `true`: read recorded files. `false`, the default: listen on the socket. */
  useEventFile: withDefault(flag, false),
  /** The stream of NATS JetStream, used if `useJetStream` is set. */
  jetStreamSourceConfig: section({
    /** The address of the server, or several with commas. Default `nats://127.0.0.1:4222`. */
    url: withDefault(text, 'nats://127.0.0.1:4222'),
    /** The name of the stream. Default `EVENTS`. */
    stream: withDefault(text, 'EVENTS'),
    /** Which subject is read, such as a partition. Default `>`, all of the stream. */
    subject: withDefault(text, '>'),
    /** The bucket that holds the position. Default `positions`. */
    bucket: withDefault(text, 'positions'),
    /** The key of the position in the bucket: one for each reader. Default `data-node`. */
    key: withDefault(text, 'data-node'),
    /** Values that a branch of a fan-out after the stream may hold. Default 10,000 events. */
    sendChannelBufferSize: withDefault(count('events'), 10_000),
  }),
  /** `true`: read a stream of NATS JetStream. The server stores it, so nothing is buffered on disk. Default `false`. */
  useJetStream: withDefault(flag, false),
  /** Whether a failure of a subscriber stops the node. `false`, the default: the failure is reported, and the node goes on. */
  panicOnError: withDefault(flag, false),
  /** Whether the socket is buffered on disk. Default `true`. */
  useBufferedEventSource: withDefault(flag, true),
  /** The disk buffer, used if `useBufferedEventSource` is set. */
  bufferedEventSourceConfig: section({
    /** Events per file of the buffer. Default 10,000,000. */
    eventsPerFile: withDefault(count('events'), 10_000_000),
    /** Values that a branch of a fan-out after the disk buffer may hold. Default 10,000 events. */
    sendChannelBufferSize: withDefault(count('events'), 10_000),
    /** Whether processed files are archived instead of deleted. Default `true`. */
    archive: withDefault(flag, true),
    /** The largest size of the archive, in bytes; past that the oldest files are deleted. Default 1,000,000,000. */
    archiveMaximumSizeBytes: withDefault(count('bytes'), 1_000_000_000),
  }),
  /** The capacity of each optional subscriber, in events. Default 100,000. */
  eventBusClientBufferSize: withDefault(count('events'), 100_000),
});
/**
 * A whole configuration, with every default filled in, as `decodeConfig` returns it.
 * @see node_modules/rx-event-broker/docs/configuration.md
 */
export type Config = t.TypeOf<typeof Config>;
