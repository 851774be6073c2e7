import { checkOption, type Check } from '../contract/options.js';
import { toNode, type NodeWritable } from './toNode.js';
import { toWeb, type WebWritable } from './toWeb.js';
import type { WritableWork } from './WritableWork.js';

const has = (value: unknown, method: string): boolean =>
  typeof (value as Readonly<Record<string, unknown>> | null | undefined)?.[method] === 'function';

const writable: Check = {
  expected: 'a Node Writable or a WritableStream',
  allows: value => isWeb(value) || ['write', 'end', 'on', 'off'].every(method => has(value, method)),
  needed: true,
};

const isWeb = (value: unknown): boolean => has(value, 'getWriter');

/**
 * Writes values to a stream as the work of a required subscriber, so that a slow stream pauses the source (promise I5).
 *
 *     values      a-b-c---------d
 *     stream      a-b-----------c-d     its buffer is full after b, and drains here
 *     work on b     [----------]
 *
 * The work on a value completes when the stream has room for the next one: immediately, if there is room; otherwise on
 * `drain` of a Node stream, or when `ready` of a `WritableStream` is fulfilled. If the stream fails, the value in work
 * fails; if there is none, the next one. `retry` writes the value again.
 *
 * Throws `OptionError`, and `TypeError` for a stream that is locked.
 *
 * @param stream - A Node `Writable`, or a `WritableStream`, which it locks.
 * @example
 * ```ts
 * const write = toWritable<string>(createWriteStream('prices.log'));
 * broker.subscribe({
 *   required: true,
 *   types: ['Price'],
 *   next: ({ value }) => write(`${value}\n`),
 * });
 * await firstValueFrom(broker.drain());
 * await write.end();
 * ```
 * @see node_modules/rx-event-broker/docs/operators/toWritable.md
 */
export const toWritable = <T>(stream: NodeWritable | WebWritable<T>): WritableWork<T> => {
  checkOption('stream', stream, writable);
  return isWeb(stream) ? toWeb(stream as WebWritable<T>) : toNode(stream as NodeWritable);
};
