import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Subject } from 'rxjs';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import { nameOf, reporter, writeError } from '../../lib/flow/reporter.js';

const who = { id: 1, key: 2, name: 'ledger' };

describe('B10 a failure is reported to an observer, or written to the console', () => {
  let written: jest.SpiedFunction<typeof console.error>;
  beforeEach(() => {
    written = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  });
  afterEach(() => {
    written.mockRestore();
  });

  test('without an observer it is written, once, with the name of its source', () => {
    const { failed, notify } = reporter<string>(undefined, who);
    notify({ type: 'Saturated', subscriber: who, pending: 1 });
    failed(['a'], 'broken', 1);
    failed(['b'], 'broken again', 1);
    expect(written.mock.calls).toEqual([['rx-event-broker: ledger failed, and nobody observes its notices', 'broken']]);
  });

  test('an observer receives it, and nothing is written', () => {
    const seen: Notice<string>[] = [];
    const { failed, notify } = reporter<string>({ next: notice => void seen.push(notice) }, who);
    notify({ type: 'Saturated', subscriber: who, pending: 1 });
    failed(['a'], 'broken', 3);
    expect(seen).toEqual([
      { type: 'Saturated', subscriber: who, pending: 1 },
      { type: 'Failed', subscriber: who, events: ['a'], error: 'broken', attempts: 3 },
    ]);
    expect(written).not.toHaveBeenCalled();
  });

  test('with an unobserved Subject it is written, until the Subject is observed', () => {
    const notices = new Subject<Notice<string>>();
    const listener = notices.subscribe();
    const { failed } = reporter<string>(notices, who);
    failed([], 'heard', 1);
    expect(written).not.toHaveBeenCalled();
    listener.unsubscribe();
    failed([], 'unheard', 1);
    expect(written).toHaveBeenCalledTimes(1);
  });

  test('an observer that throws stops nothing, and is written once', () => {
    const throwing = () => {
      throw new Error('observer');
    };
    const { notify, failed } = reporter<string>({ next: throwing }, who);
    notify({ type: 'Saturated', subscriber: who, pending: 1 });
    failed(['a'], 'broken', 1);
    expect(written.mock.calls).toEqual([
      ['rx-event-broker: an observer of notices threw at Saturated', new Error('observer')],
    ]);
  });

  test('an error that the console cannot print is described, and a console that throws ends nothing', () => {
    written.mockImplementationOnce(() => {
      throw new Error('not printed');
    });
    writeError('it\u001b[2J failed', Object.create(null));
    expect(written.mock.calls).toEqual([
      ['rx-event-broker: it\\u001b[2J failed', Object.create(null)],
      ['rx-event-broker: it\\u001b[2J failed', '{}'],
    ]);
    written.mockImplementation(() => {
      throw new Error('never printed');
    });
    writeError('it failed', 'why');
  });

  test('a name is text, whatever it is', () => {
    expect([nameOf(undefined, 'it'), nameOf('ledger', 'it'), nameOf(Object.create(null), 'it')]).toEqual([
      'it',
      'ledger',
      '{}',
    ]);
  });

  test('an error that ends something is not written to the console', () => {
    reporter(undefined, who).failed([], 'broken', 1, true);
    expect(written).not.toHaveBeenCalled();
  });
});
