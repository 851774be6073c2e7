import { isObservable } from 'rxjs';
import { count, level, observer, scheduler, type Check } from '../../flow/contract/options.js';

/** What both ends of a connection may be told: see `SocketOptions`. */
export const socketChecks = {
  pause$: level,
  notices: observer,
  maxMessageBytes: count(0, Number.MAX_SAFE_INTEGER),
  scheduler,
};

/** What is sent. */
export const aSource: Check = {
  expected: 'an Observable or a function of pause$',
  allows: value => isObservable(value) || typeof value === 'function',
};

/** Without a name the system would listen on every address of this machine (promise N7). */
export const host: Check = {
  expected: 'a name or an address',
  allows: value => typeof value === 'string' && value.trim() !== '',
};

export const MAX_MESSAGE_BYTES = 64 * 2 ** 20;
