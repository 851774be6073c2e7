import { afterEach, describe, expect, test } from '@jest/globals';
import { withoutStackTraces } from '../../../lib/nats/sink/withoutStackTraces.js';

const limit = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')!;
const failing = (): never => {
  throw new Error('no');
};

describe('withoutStackTraces', () => {
  afterEach(() => {
    Object.defineProperty(Error, 'stackTraceLimit', limit);
  });

  test('errors that are created inside have no stack trace, and later ones have one', async () => {
    const { now, later } = withoutStackTraces(() => ({
      now: new Error('now'),
      later: Promise.resolve().then(() => new Error('later')),
    }));
    expect(now.stack).toBe('Error: now');
    expect((await later).stack).toContain('withoutStackTraces.spec');
    expect(Error.stackTraceLimit).toBe(limit.value);
  });

  test('an error that is thrown inside is rethrown, and the setting is restored', () => {
    expect(() => withoutStackTraces(failing)).toThrow('no');
    expect(Error.stackTraceLimit).toBe(limit.value);
  });

  test.each([
    ['is frozen', { value: 10, writable: false }],
    ['is a getter', { get: () => 10 }],
  ])('where the limit %s, it just runs', (_, descriptor) => {
    Object.defineProperty(Error, 'stackTraceLimit', { configurable: true, ...descriptor });
    expect(withoutStackTraces(() => 1)).toBe(1);
  });

  test('if there is no limit, none is set', () => {
    Reflect.deleteProperty(Error, 'stackTraceLimit');
    expect(withoutStackTraces(() => 1)).toBe(1);
    expect('stackTraceLimit' in Error).toBe(false);
  });
});
