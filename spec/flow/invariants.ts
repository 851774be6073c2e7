import { afterEach, expect } from '@jest/globals';
import { LaneMailbox } from '../../lib/flow/strategies/LaneMailbox.js';
import { Mailbox } from '../../lib/flow/mailbox/Mailbox.js';

/** What was found wrong in a mailbox after a move of its own. A throw would be taken for one of a handler. */
const broken: string[] = [];

Mailbox.moved = mailbox => {
  const { saturated, pendingBytes, waitingBytes } = mailbox.backlog;
  const { offered, delivered, failed, dropped, pending } = mailbox.tally();
  const state = JSON.stringify([offered, delivered, failed, dropped, pending, saturated, mailbox.held]);
  if (offered !== delivered + failed + dropped + pending) broken.push(`MB2 ${state}`);
  if (pending !== mailbox.pending || pending < 0) broken.push(`MB3 ${state}`);
  if (waitingBytes < 0 || pendingBytes < waitingBytes || (pending === 0 && pendingBytes !== 0))
    broken.push(`MB3 ${state} ${waitingBytes} of ${pendingBytes} bytes`);
  if (waitingBytes > mailbox.backlog.capacityBytes && !mailbox.held) broken.push(`MB4 ${state} ${waitingBytes} bytes`);
  if (mailbox.closed && saturated) broken.push(`MB5 ${state}`);
  if (mailbox.idle && pending > 0 && !mailbox.held && !mailbox.backlog.isGathering) broken.push(`MB6 ${state}`);
  if (mailbox.closed && mailbox.idle && pending > 0) broken.push(`MB7 ${state}`);
};

LaneMailbox.moved = mailbox => {
  const { saturated, settled, ahead, inFlight, concurrency, closed, mayBegin } = mailbox;
  const { offered, delivered, failed, dropped, pending } = mailbox.tally();
  const state = JSON.stringify([offered, delivered, failed, dropped, pending, settled, ahead, inFlight, saturated]);
  if (offered !== delivered + failed + dropped + pending) broken.push(`MB2 ${state}`);
  if (pending < 0 || ahead < 0 || settled + pending + ahead !== offered) broken.push(`MB3 ${state}`);
  if (closed && saturated) broken.push(`MB5 ${state}`);
  if (inFlight > concurrency) broken.push(`LM1 ${state}`);
  if (mayBegin) broken.push(`LM3 ${state}`);
};

afterEach(() => {
  expect(broken.splice(0)).toEqual([]);
});
