import { isRight } from 'fp-ts/lib/Either.js';
import type { Notice } from 'rx-event-broker';
import type { CommittedBlock } from 'rx-event-broker';
import { blockOf, vegaDecoder, type VegaEvent } from 'rx-event-broker/vega';

/** The counters of a node's status line, read once a second. */
export interface Meter {
  /** A message came from the core, or was read from a file. */
  readonly received: (message: Uint8Array) => void;
  /** A message left the disk buffer, if there is one. */
  readonly given: (message: Uint8Array) => void;
  readonly decoded: (event: VegaEvent) => void;
  readonly committed: (block: CommittedBlock) => void;
  readonly noticed: (notice: Notice) => void;
  /** The status line for the last `seconds`, or `undefined` if nothing happened. */
  readonly line: (seconds: number) => string | undefined;
}

/** The bytes before each message in the files of the disk buffer. */
const recordHeaderBytes = 12;

export const meter = (height = 0): Meter => {
  let committed = height;
  let received = height;
  let rows = 0;
  let unread = 0;
  let told = '';
  return {
    received: message => {
      unread += recordHeaderBytes + message.length;
      if (!blockOf(message).begins) return;
      const event = vegaDecoder.decode(message);
      if (isRight(event)) received = Math.max(received, event.right.blockNr);
    },
    given: message => {
      unread -= recordHeaderBytes + message.length;
    },
    decoded: ({ type }) => {
      if (type === 'Trade' || type === 'Account') rows++;
    },
    committed: block => {
      committed = block.height;
    },
    noticed: notice => {
      // from here on, the backlog of an earlier run is known
      if (notice.type === 'Lag') unread = notice.bytes;
    },
    line: seconds => {
      const count = (n: number) => Math.max(0, Math.round(n)).toLocaleString('en');
      const line = [
        `block ${count(committed)}`,
        `${count(rows / seconds)} rows/s`,
        `lag ${count(received - committed)} blocks`,
        `${count(unread / 1024)} KiB unread on disk`,
      ].join('   ');
      rows = 0;
      if (line === told) return undefined;
      told = line;
      return line;
    },
  };
};
