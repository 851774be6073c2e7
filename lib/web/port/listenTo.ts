import { Subscription } from 'rxjs';
import { having, type Check } from '../../flow/contract/options.js';
import { PortClosedError, PortProtocolError } from './errors.js';
import { isPortMessage } from './isPortMessage.js';
import type { PortLike } from './PortLike.js';
import { PORT_VERSION, type PortEnvelope, type PortMessage } from './PortMessage.js';

export interface PortListener<M> {
  /** Receives each message. Its shape was checked. */
  readonly message: (message: M) => void;
  /** The other side has gone, or does not use the protocol. */
  readonly error: (error: unknown) => void;
}

const posting = having('a port: postMessage, and on or addEventListener', 'postMessage');

/** A port with a way to add listeners. This includes `self` of a worker. */
export const aPort: Check = {
  ...posting,
  allows: value => posting.allows(value) && (has(value, 'on') || has(value, 'addEventListener')),
  needed: true,
};

/** Listens for messages of the other side on this channel. Other messages are ignored. Throws what the port throws. */
export const listenTo = <M extends PortMessage>(
  port: PortLike,
  channel: string,
  from: 'sink' | 'source',
  { message, error }: PortListener<M>,
): Subscription => {
  const isEmitter = has(port, 'on');
  const take = (data: unknown): void => {
    const envelope = envelopeOf(data);
    if (envelope?.channel !== channel || envelope.from !== from) return;
    if (envelope.rxEventBroker !== PORT_VERSION)
      error(new PortProtocolError(`expected version ${PORT_VERSION} of the protocol`, envelope.rxEventBroker));
    else if (isPortMessage(from, envelope.message)) message(envelope.message as M);
    else error(new PortProtocolError(`expected a message of a ${from}`, envelope.message));
  };
  const causeOf = (event: unknown): unknown =>
    isEmitter ? event : ((event as { readonly error?: unknown } | undefined)?.error ?? event);
  const listeners: Readonly<Record<string, (value: unknown) => void>> = {
    message: value => take(isEmitter ? value : (value as { readonly data?: unknown } | undefined)?.data),
    messageerror: value => error(new PortProtocolError('a message could not be read', causeOf(value))),
    exit: code => error(new PortClosedError(`the worker has ended with the code ${String(code)}`)),
    error: value => error(new PortClosedError('the worker has failed', causeOf(value))),
    close: () => error(new PortClosedError('the port is closed')),
  };
  const listening = new Subscription();
  try {
    for (const [name, listener] of Object.entries(listeners)) {
      if (isEmitter) port.on?.(name, listener);
      else port.addEventListener?.(name, listener);
      listening.add(() => (isEmitter ? port.off?.(name, listener) : port.removeEventListener?.(name, listener)));
    }
    port.start?.();
  } catch (cause) {
    listening.unsubscribe();
    throw cause;
  }
  return listening;
};

/** The error of a port that throws. */
export const unusable = (cause: unknown): PortClosedError => new PortClosedError('the port cannot be used', cause);

/** Sends a message to the other side. Throws what `postMessage` throws, such as a `DataCloneError`. */
export const postTo = (port: PortLike, channel: string, from: 'sink' | 'source', message: PortMessage): void => {
  const envelope: PortEnvelope<PortMessage> = { rxEventBroker: PORT_VERSION, channel, from, message };
  port.postMessage(envelope);
};

const has = (value: unknown, method: string): boolean =>
  typeof (value as Readonly<Record<string, unknown>>)[method] === 'function';

const envelopeOf = (data: unknown): PortEnvelope<unknown> | undefined =>
  typeof data === 'object' && data !== null && 'rxEventBroker' in data ? (data as PortEnvelope<unknown>) : undefined;
