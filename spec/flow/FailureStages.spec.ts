import { describe, expect, test } from '@jest/globals';
import { NEVER } from 'rxjs';
import type { DeliveryTap } from '../../lib/flow/contract/DeliveryTap.js';
import type { FailureHandling } from '../../lib/flow/mailbox/FailureHandling.js';
import { loggedMailbox as logged } from './loggedMailbox.js';

const throws = (): never => {
  throw new Error('broken');
};

/** A mailbox that handles its failures, and whose deliveries fail. */
const handling = (failure: Partial<FailureHandling<number>>, start: () => unknown = throws, retries = 0) => {
  const tap = {
    offered: () => undefined,
    began: (n: number, attempt: number) => void box.log.push(`began ${n} ${attempt}`),
    retrying: (n: number, attempt: number) => void box.log.push(`retrying ${n} ${attempt}`),
    ended: (n: number, outcome: string) => void box.log.push(`ended ${n} ${outcome}`),
  } as unknown as DeliveryTap<number, number>;
  const box = logged(
    { retry: { count: retries }, failure: () => ({ take: () => box.log.push('take'), ...failure }) },
    { start, tap },
  );
  return box;
};

describe('B22h what is recorded of a delivery whose failure is handled', () => {
  test('only its own attempts, and that it was taken', () => {
    let calls = 0;
    const take = () => {
      box.log.push('take');
      if (++calls === 1) throws();
    };
    const box = handling({ take }, throws, 1);
    box.mailbox.offer(1);
    const own = ['began 1 1', 'retrying 1 1', 'began 1 2'];
    expect(box.log).toEqual([...own, 'take', 'take', 'ended 1 taken', 'failed 1 Error: broken after 2']);
  });

  test.each([
    [true, ['before', 'ended 1 untried']],
    [false, ['before', 'began 1 1', 'ended 1 delivered']],
    [Promise.resolve(true), ['before', 'ended 1 untried']],
    [Promise.resolve(false), ['before', 'began 1 1', 'ended 1 delivered']],
  ])('B22b %#: whether it was attempted', async (answer, all) => {
    const before = () => {
      box.log.push('before');
      return answer;
    };
    const box = handling({ before }, () => undefined);
    box.mailbox.offer(1);
    await new Promise(resolve => setImmediate(resolve));
    expect(box.log).toEqual(all);
  });

  test('B22d an answer that fails is asked for again, and does not count as an attempt', () => {
    let calls = 0;
    const before = () => (++calls < 3 ? throws() : false);
    const box = handling({ before }, throws, 2);
    box.mailbox.offer(1);
    expect(box.log.filter(line => line.startsWith('began'))).toEqual(['began 1 1', 'began 1 2', 'began 1 3']);
    expect(box.log.at(-1)).toBe('failed 1 Error: broken after 3');
  });
});

describe('MB7 closed from inside a call, with failures that are handled', () => {
  test.each<[string, () => unknown, string]>([
    ['returns nothing: delivered', () => undefined, 'ended 1 delivered, closed []'],
    ['returns work: cut off, and not reported as failed', () => NEVER, 'ended 1 cut, closed [1]'],
    ['throws: cut off, and its failure is reported', throws, 'ended 1 cut, failed 1 Error: broken, closed [1]'],
  ])('the handler %s', (_, end, all) => {
    const box = handling({}, () => {
      box.mailbox.close();
      return end();
    });
    box.mailbox.offer(1);
    expect(box.log.join(', ')).toBe(`began 1 1, ${all}`);
  });

  test.each<[string, () => unknown]>([
    ['returns nothing', () => undefined],
    ['returns work', () => NEVER],
    [
      'throws',
      () => {
        throw new Error('no letter');
      },
    ],
  ])('onFailure %s: cut off, and the failure of the handler is reported', (_, end) => {
    const take = () => {
      box.mailbox.close();
      return end();
    };
    const box = handling({ take });
    box.mailbox.offer(1);
    expect(box.log.join(', ')).toBe('began 1 1, ended 1 cut, failed 1 Error: broken, closed [1]');
  });

  test.each([true, false])('B22g only, which answers %s: cut off, and nobody takes it', answer => {
    const only = () => {
      box.mailbox.close();
      return answer;
    };
    const box = handling({ only });
    box.mailbox.offer(1);
    expect(box.log.join(', ')).toBe('began 1 1, ended 1 cut, failed 1 Error: broken, closed [1]');
    expect(box.mailbox.tally()).toMatchObject({ failed: 1, pending: 0 });
  });
});

test('B22g the error of an only that gives no boolean says what is expected', () => {
  const box = handling({ only: () => 'yes' as never });
  box.mailbox.offer(1);
  expect(box.log.at(-1)).toContain("only: expected a function that returns true or false, found 'yes'");
});
