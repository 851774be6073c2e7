import { checkOption, type Check } from '../../flow/contract/options.js';
import { partitionOf } from '../partitions/partitionOf.js';
import { publishSubject } from '../streamNames.js';
import type { JetStreamSinkOptions } from './JetStreamSinkOptions.js';
import type { Outgoing, OutgoingOwner } from './Outgoing.js';

const bytes: Check = {
  expected: 'a Uint8Array',
  needed: true,
  // that of another realm is one, too
  allows: value => value instanceof Uint8Array || Object.prototype.toString.call(value) === '[object Uint8Array]',
};

const MOST = 2n ** 128n;
const place: Check = {
  expected: 'a whole number from 0, below 2^128',
  needed: true,
  allows: value =>
    (typeof value === 'bigint' && value >= 0n && value < MOST) || (Number.isSafeInteger(value) && Number(value) >= 0),
};

/**
 * Makes a message of a value. What a function of the user's throws, and what it gives that is no subject, no bytes or no
 * place, is the error of that message: it fails in its turn, after those before it.
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
  /** The last one that was found to be a subject: to look at each costs as much as a tenth of sending it. */
  let sound: string | undefined;

  return (value, owner) => {
    let to: string | undefined;
    let data: Uint8Array = empty;
    let known: bigint | undefined;
    let phase: Outgoing<T>['phase'] = 'waiting';
    let failure: unknown;
    try {
      to = subject(value);
      if (to !== sound) checkOption('subjectOf', to, publishSubject);
      sound = to;
      const encoded = encode(value);
      checkOption('encode', encoded, bytes);
      const at = placeOf?.(value);
      if (placeOf !== undefined) checkOption('placeOf', at, place);
      known = at === undefined ? undefined : BigInt(at);
      data = encoded;
    } catch (error) {
      [to, phase, failure] = [undefined, 'refused', error];
    }
    // one literal: all of them have one shape, and nothing is copied
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
