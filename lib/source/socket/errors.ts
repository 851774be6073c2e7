import { seeDocs } from '../../event/seeDocs.js';
import { escaped, isError, shownError } from '../../event/shown.js';

/**
 * The server cannot listen: its port is in use or not permitted, or its address does not exist.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#listenerror
 */
export class ListenError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'ListenError';
  /** The address to listen on. */
  readonly host: string;
  /** The port to listen on. */
  readonly port: number;

  constructor(host: string, port: number, cause: Error) {
    super(seeDocs('ListenError', `cannot listen on ${host}:${port}: ${cause.message}`), { cause });
    this.host = host;
    this.port = port;
  }
}

const hex = (bytes: Uint8Array): string => [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join(' ');

/**
 * A peer's first bytes are not the greeting of the pair protocol, version 0 (promise N1).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#greetingerror
 */
export class GreetingError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'GreetingError';
  /** The eight bytes of the greeting, in hex. */
  readonly expected: string;
  /** The received bytes, in hex, at most eight. */
  readonly found: string;

  constructor(expected: Uint8Array, found: Uint8Array) {
    super(seeDocs('GreetingError', `greeting: expected ${hex(expected)} (pair, version 0), found ${hex(found)}`));
    this.expected = hex(expected);
    this.found = hex(found);
  }
}

/**
 * A peer connected and did not send a greeting in time (promise N3).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#greetingtimeouterror
 */
export class GreetingTimeoutError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'GreetingTimeoutError';
  /** The address of the peer. */
  readonly peer: string;
  /** The limit, in ms. */
  readonly deadline: number;

  constructor(peer: string, deadline: number) {
    super(seeDocs('GreetingTimeoutError', `${peer} sent no greeting within ${deadline} ms`));
    this.peer = peer;
    this.deadline = deadline;
  }
}

/**
 * A peer was rejected: another one is connected (promise N2), or too many connections wait without a greeting. The peer
 * may dial again.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#peerbusyerror
 */
export class PeerBusyError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'PeerBusyError';
  /** The address of the peer that was rejected. */
  readonly peer: string;
  /** The address of the connected peer; `undefined` if too many connections wait without a greeting. */
  readonly connected: string | undefined;

  constructor(peer: string, connected: string | undefined) {
    const why = connected === undefined ? 'too many connections without a greeting' : `${connected} is connected`;
    super(seeDocs('PeerBusyError', `${peer} was rejected: ${why}`));
    this.peer = peer;
    this.connected = connected;
  }
}

/**
 * A connection was lost: reset, refused, or closed in the middle of a message.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#peerlosterror
 */
export class PeerLostError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'PeerLostError';
  /** The address of the peer. */
  readonly peer: string;
  /** Bytes received of an unfinished message. */
  readonly partialBytes: number;
  /** Bytes that had not left the process. Bytes that the kernel held are not included. */
  readonly unsentBytes: number;

  constructor(peer: string, bytes: { readonly partial: number; readonly unsent: number }, cause?: unknown) {
    const why =
      cause === undefined
        ? 'the peer closed it'
        : isError(cause)
          ? escaped((cause as Error).message)
          : shownError(cause);
    const cut = bytes.partial === 0 ? '' : ` after ${bytes.partial} bytes of an unfinished message`;
    const unsent = bytes.unsent === 0 ? '' : ` with ${bytes.unsent} bytes unsent`;
    super(
      seeDocs('PeerLostError', `connection to ${peer} was lost${cut}${unsent}: ${why}`),
      cause === undefined ? undefined : { cause },
    );
    this.peer = peer;
    this.partialBytes = bytes.partial;
    this.unsentBytes = bytes.unsent;
  }
}

/**
 * A peer sent a message that `validate` rejected, so its connection was closed (promise N1). `cause` says what is
 * wrong.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#messagerefusederror
 */
export class MessageRefusedError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'MessageRefusedError';
  /** The address of the peer. */
  readonly peer: string;
  /** The size of the message, in bytes. */
  readonly bytes: number;

  constructor(peer: string, bytes: number, cause: unknown) {
    const why = isError(cause) ? escaped((cause as Error).message) : shownError(cause);
    super(seeDocs('MessageRefusedError', `${peer} sent a message of ${bytes} bytes that was rejected: ${why}`), {
      cause,
    });
    this.peer = peer;
    this.bytes = bytes;
  }
}

/**
 * A frame announces more bytes than `maxMessageBytes` (promise N1). No memory of that size was allocated.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#framesizeerror
 */
export class FrameSizeError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'FrameSizeError';
  /** The bytes that the frame announces. */
  readonly length: bigint;
  /** The limit, in bytes. */
  readonly maxMessageBytes: number;

  constructor(length: bigint, maxMessageBytes: number) {
    super(
      seeDocs(
        'FrameSizeError',
        `a frame announces a message of ${String(length)} bytes; at most ${maxMessageBytes} are allowed`,
      ),
    );
    this.length = length;
    this.maxMessageBytes = maxMessageBytes;
  }
}

/**
 * Too many bytes wait to be sent, from a source that cannot be paused. Use one that can: `pause$ => …`.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#sendbufferfullerror
 */
export class SendBufferFullError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'SendBufferFullError';
  /** The bytes that wait. */
  readonly pendingBytes: number;
  /** The limit, in bytes. */
  readonly maxPendingBytes: number;

  constructor(pendingBytes: number, maxPendingBytes: number) {
    super(
      seeDocs(
        'SendBufferFullError',
        `${pendingBytes} bytes wait to be sent and more are coming; at most ${maxPendingBytes} are allowed. Use a source that can be paused: pause$ => …`,
      ),
    );
    this.pendingBytes = pendingBytes;
    this.maxPendingBytes = maxPendingBytes;
  }
}

/**
 * No message was received for more than `maxReceiveTimeouts` receive timeouts in a row (promise N3).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#receivetimeouterror
 */
export class ReceiveTimeoutError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'ReceiveTimeoutError';
  /** The length of one timeout, in ms. */
  readonly receiveTimeout: number;
  /** How many in a row are allowed. */
  readonly maxReceiveTimeouts: number;

  constructor(receiveTimeout: number, maxReceiveTimeouts: number) {
    super(
      seeDocs(
        'ReceiveTimeoutError',
        `received nothing for ${maxReceiveTimeouts + 1} timeouts of ${receiveTimeout} ms in a row; at most ${maxReceiveTimeouts} are allowed`,
      ),
    );
    this.receiveTimeout = receiveTimeout;
    this.maxReceiveTimeouts = maxReceiveTimeouts;
  }
}

/**
 * No connection was made within `dialTimeout` (promise N4). `cause` is the error of the last attempt.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#dialtimeouterror
 */
export class DialTimeoutError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'DialTimeoutError';
  /** The address that was dialled. */
  readonly peer: string;
  /** The limit, in ms. */
  readonly dialTimeout: number;

  constructor(peer: string, dialTimeout: number, cause: unknown) {
    super(seeDocs('DialTimeoutError', `no connection to ${peer} within ${dialTimeout} ms`), {
      cause,
    });
    this.peer = peer;
    this.dialTimeout = dialTimeout;
  }
}
