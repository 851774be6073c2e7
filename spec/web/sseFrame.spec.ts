import { describe, expect, test } from '@jest/globals';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { sseFrame, type SseFields } from '../../lib/web/sse/sseFrame.js';
import { parsedStream } from './parsedStream.js';

/** What cannot be told apart in a stream: all ends of lines are one. */
const normal = (data: string): string => data.replace(/\r\n|\r/g, '\n');

const oneLine = fc.string({ unit: 'grapheme', minLength: 1 }).filter(text => !/[\r\n\0]/.test(text));
const dataOf = fc.array(
  fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\n', '\r', '\r\n', ':', ' ', 'data: x', 'é', '\uFEFF')),
);
const fields: fc.Arbitrary<SseFields> = fc.record({
  event: oneLine,
  data: dataOf.map(parts => parts.join('')),
  id: fc.option(fc.oneof(oneLine, fc.integer()), { nil: undefined }),
});

describe('W1a a browser reads the same event from a frame', () => {
  test('by the algorithm of the specification, and by another parser', () => {
    fc.assert(
      fc.property(fc.array(fields, { minLength: 1 }), events => {
        const text = events.map(sseFrame).join('');
        let lastEventId = '';
        const expected = events.map(({ event, data, id }) => {
          if (id !== undefined) lastEventId = String(id);
          return { type: event, data: normal(data), lastEventId };
        });
        expect(parsedStream(text).dispatched).toEqual(expected);

        const found: EventSourceMessage[] = [];
        createParser({ onEvent: event => found.push(event) }).feed(text);
        expect(found.map(({ event, data }) => ({ type: event, data }))).toEqual(
          expected.map(({ type, data }) => ({ type, data })),
        );
      }),
    );
  });

  test('each line of the data is a field', () => {
    expect(sseFrame({ event: 'Price', data: 'a\r\nb\rc\nd', id: 7 })).toBe(
      'id: 7\nevent: Price\ndata: a\ndata: b\ndata: c\ndata: d\n\n',
    );
  });
});

describe('W1b a text that cannot be a field is an error', () => {
  test.each(['a\nb', 'a\rb', 'a\0b', 'a\uD800b'])('%j', text => {
    expect(() => sseFrame({ event: text, data: '' })).toThrow(TypeError);
    expect(() => sseFrame({ event: 'a', data: '', id: text })).toThrow(TypeError);
  });

  test.each([null, {}, true])('an id that is %j', id => {
    expect(() => sseFrame({ event: 'a', data: '', id: id as never })).toThrow('the id of an event');
  });
});
