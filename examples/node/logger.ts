import { inspect } from 'node:util';
import type { Notice } from 'rx-event-broker';
import type { Config } from 'rx-event-broker/node';
import type { Screen } from '../terminal/dashboard.js';
import { printable } from './printable.js';

export type Level = Config['level'];

/** Writes a line, if its level is enabled. */
export type Log = (level: Level, text: string) => void;

const levels: readonly Level[] = ['debug', 'info', 'warn', 'error'];

/** Warnings and errors go to `err`. */
export const logger = (least: Level, out: Screen, err: Screen): Log => {
  const from = levels.indexOf(least);
  return (level, text) => {
    const rank = levels.indexOf(level);
    if (rank >= from) (rank < levels.indexOf('warn') ? out : err).write(`${level.padEnd(5)} ${printable(text)}\n`);
  };
};

/** The message of any thrown value. */
export const messageOf = (error: unknown): string => {
  const { message } = (error ?? {}) as { readonly message?: unknown };
  return typeof message === 'string' && message !== '' ? message : inspect(error);
};

/** The notices of the parts of a node, as lines of its log. */
export const logNotice = (log: Log, notice: Notice): void => {
  switch (notice.type) {
    case 'Waiting':
      log('info', notice.what);
      break;
    case 'OpenBlock':
      log('info', `block ${notice.height} was still open: it is not stored, and will be sent again`);
      break;
    case 'SlowBlock':
      log('warn', `block ${notice.height} took ${notice.ms} ms`);
      break;
    case 'PeerRejected':
    case 'Invalid':
      log('warn', notice.error.message);
      break;
    case 'Failed':
      log('warn', `${notice.subscriber.name}: ${messageOf(notice.error)}`);
      break;
    case 'Dropped':
      if (notice.open) log('warn', `${notice.subscriber.name} is too slow, and misses events`);
      else log('warn', `${notice.subscriber.name} has missed ${notice.count} events`);
      break;
    case 'Stalled':
      log('warn', `${notice.subscriber.name}: no progress, ${notice.waiting} events wait`);
      break;
    case 'Full':
      log('warn', `${notice.what} is full`);
      break;
    default:
      log('debug', notice.type);
  }
};
