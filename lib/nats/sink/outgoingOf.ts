import { checkOption, type Check } from '../../flow/contract/options.js';
import { partitionOf } from '../partitions/partitionOf.js';
import { publishSubject } from '../streamNames.js';
import type { JetStreamSinkOptions } from './JetStreamSinkOptions.js';
import type { Outgoing, OutgoingOwner } from './Outgoing.js';

const bytes: Check = {
  expected: 'a Uint8Array',
  needed: true,
  // the second test accepts a Uint8Array of another realm
  allows: value => value instanceof Uint8Array || Object.prototype.toString.call(value) === '[object Uint8Array]',
};

const MOST = 2n ** 128n;
const place: Check = {
  expected: 'a whole number, 0 or more, below 2^128',
  needed: true,
  allows: value =>
    (typeof value === 'bigint' && value >= 0n && value < MOST) || (Number.isSafeInteger(value) && Number(value) >= 0),
};

/**
 * Turns a value into a message. If a user function throws or returns an invalid result, the message has that error. It then
 * fails in order, after the messages before it.
 */
export const outgoingOf = <T>(
  options: Pick<JetStreamSinkOptions<T>, 'subjectOf' | 'partitioned' | 'encode' | 'placeOf'>,
): ((value: T, owner: OutgoingOwner<T>) => Outgoing<T>) => {
  const { subjectOf, partitioned, encode, placeOf } = options;
  const subject =
    partitioned === undefined
      ? subjectOf!
      : (value: T): string => `${partitioned.prefix}.${partitionOf(partitioned.keyOf(value), partitioned.partitions)}`;
  const empty = new Uint8Array();
  /** The last valid subject. Checking the subject of each message would cost a tenth of publishing it. */
  let lastValid: string | undefined;

  return (value, owner) => {
    let to: string | undefined;
    let data: Uint8Array = empty;
    let known: bigint | undefined;
    let phase: Outgoing<T>['phase'] = 'waiting';
    let failure: unknown;
    try {
      to = subject(value);
      if (to !== lastValid) checkOption('subjectOf', to, publishSubject);
      lastValid = to;
      const encoded = encode(value);
      checkOption('encode', encoded, bytes);
      const at = placeOf?.(value);
      if (placeOf !== undefined) checkOption('placeOf', at, place);
      known = at === undefined ? undefined : BigInt(at);
      data = encoded;
    } catch (error) {
      [to, phase, failure] = [undefined, 'refused', error];
    }
    // one object literal, so that all messages have the same hidden class
    return {
      value,
      owner,
      subject: to ?? '',
      data,
      place: known,
      position: 0,
      id: '',
      sequence: 0,
      phase,
      duplicate: false,
      error: failure,
    };
  };
};
