import { describe, expect, test } from '@jest/globals';
import { decodeRecord, type InspectRecord } from 'rx-event-broker/inspect';

const record: InspectRecord = {
  n: 7,
  at: 120,
  kind: 'dropped',
  broker: 'broker 1',
  subscriber: { id: 2, key: 2, name: 'chart', required: false },
  event: 3,
  type: 'Price',
  key: 'BTC',
  count: 2,
  reason: 'overflow',
  backlog: 1,
  paused: false,
};
const subscribed: InspectRecord = {
  n: 2,
  at: 0,
  kind: 'subscribed',
  broker: 'broker 1',
  subscriber: { id: 2, key: 2, name: 'chart', required: false },
  settings: { types: ['Price'], batches: false, capacity: 0, overflow: 'dropNewest', stallAfter: 10_000 },
  paused: false,
};

const problem = (line: unknown, lineNr = 3): string => {
  const read = decodeRecord(typeof line === 'string' ? line : JSON.stringify(line), lineNr);
  if (read._tag === 'Right') throw new Error(`no problem: ${JSON.stringify(read.right)}`);
  return read.left.message.replace(/ \(node_modules.*/, '');
};

describe('decodeRecord', () => {
  test.each([record, subscribed])('reads what JSON.stringify wrote', written => {
    expect(decodeRecord(JSON.stringify(written), 1)).toEqual({ _tag: 'Right', right: written });
  });

  test('leaves out unknown fields', () => {
    const line = JSON.stringify({ ...record, colour: 'red', subscriber: { ...record.subscriber, age: 3 } });
    expect(decodeRecord(line, 1)).toEqual({ _tag: 'Right', right: record });
  });

  test('does not let a __proto__ key of JSON become a prototype', () => {
    const read = decodeRecord(`{"__proto__":{"n":1},"at":1,"kind":"paused","broker":"b","paused":true}`, 1);
    expect(read._tag).toBe('Left');
  });

  test('names the line, the field, what was expected and what was found', () => {
    expect(problem({ ...record, at: 'noon' })).toBe('line 3, at: expected a number, found "noon"');
    expect(problem({ ...record, n: 0 }, 12)).toBe('line 12, n: expected a whole number, 1 or more, found 0');
    expect(problem({ ...record, kind: 'vanished' })).toMatch(
      /^line 3, kind: expected a kind of record \(opened, .*found "vanished"/,
    );
    expect(problem({ ...record, kind: 'toString' })).toMatch(/^line 3, kind: /);
    expect(problem({ ...record, subscriber: 4 })).toBe('line 3, subscriber: expected an object, found 4');
    expect(problem({ ...record, subscriber: { ...record.subscriber, required: 1 } })).toBe(
      'line 3, subscriber.required: expected true or false, found 1',
    );
    expect(problem({ ...subscribed, settings: { types: [1] } })).toBe(
      'line 3, settings.types: expected an array of texts, found [1]',
    );
    expect(problem({ ...record, paused: undefined })).toBe('line 3, paused: expected true or false, found undefined');
    expect(problem({ ...record, format: 2 })).toBe(
      'line 3, format: expected 1, the format that this version reads, found 2',
    );
  });

  test('names a line that is not a record', () => {
    expect(problem('{"n":')).toBe('line 3: expected a record as JSON, found "{\\"n\\":"');
    expect(problem('')).toBe('line 3: expected a record as JSON, found ""');
    expect(problem('[1]')).toBe('line 3: expected a record as a JSON object, found [1]');
    expect(problem('null')).toBe('line 3: expected a record as a JSON object, found null');
  });
});
