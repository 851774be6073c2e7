import { describe, expect, test } from '@jest/globals';
import { isRight } from 'fp-ts/lib/Either.js';
import { firstValueFrom, lastValueFrom, ReplaySubject, VirtualTimeScheduler } from 'rxjs';
import { Config } from '../../lib/config/Config.js';
import { decodeConfig } from '../../lib/config/decodeConfig.js';
import { bufferOptions } from '../../lib/source/disk/buffer/bufferOptions.js';
import { socketServer } from '../../lib/source/socket/socketServer.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

const defaults = {
  level: 'info',
  socketConfig: { ip: '127.0.0.1', port: 3005, maxReceiveTimeouts: 3, transportType: 'tcp' },
  socketServerInboundBufferSize: 10_000,
  socketServerOutboundBufferSize: 10_000,
  fileEventSourceConfig: { directory: 'events', timeBetweenBlocks: 1000, sendChannelBufferSize: 1000 },
  useEventFile: false,
  jetStreamSourceConfig: {
    url: 'nats://127.0.0.1:4222',
    stream: 'EVENTS',
    subject: '>',
    bucket: 'positions',
    key: 'data-node',
    sendChannelBufferSize: 10_000,
  },
  useJetStream: false,
  panicOnError: false,
  useBufferedEventSource: true,
  bufferedEventSourceConfig: {
    eventsPerFile: 10_000_000,
    sendChannelBufferSize: 10_000,
    archive: true,
    archiveMaximumSizeBytes: 1_000_000_000,
  },
  eventBusClientBufferSize: 100_000,
};

/** Every key, with its section: `socketConfig.port`. */
const paths = Object.entries(defaults).flatMap(([key, value]) =>
  typeof value === 'object' ? Object.keys(value).map(inner => `${key}.${inner}`) : [key],
);
const withValue = (path: string, value: unknown) => {
  const [key = '', inner] = path.split('.');
  return inner === undefined ? { [key]: value } : { [key]: { [inner]: value } };
};
const problems = (input: unknown) => {
  const result = decodeConfig(input);
  return isRight(result) ? [] : result.left.problems;
};

describe('Config', () => {
  test('C1a C1b C1c C1d C1g C1h C1i C1m the keys and the defaults', () => {
    expect(decodeConfig({})).toEqual({ _tag: 'Right', right: defaults });
    expect(decodeConfig(undefined)).toEqual({ _tag: 'Right', right: defaults });
    expect(decodeConfig({ socketConfig: {}, fileEventSourceConfig: {} })).toEqual({ _tag: 'Right', right: defaults });
  });

  test('C1a a complete configuration is decoded, encoded and recognised unchanged', () => {
    const whole = { ...defaults, level: 'debug', socketConfig: { ...defaults.socketConfig, port: 0 } };
    expect(decodeConfig(whole)).toEqual({ _tag: 'Right', right: whole });
    expect(Config.is(whole)).toBe(true);
    expect(Config.is({ ...whole, more: 1 })).toBe(false);
    expect(Config.is({})).toBe(false);
    expect(decodeConfig(JSON.parse(JSON.stringify(Config.encode(whole as Config))))).toEqual({
      _tag: 'Right',
      right: whole,
    });
  });

  test('C1 given values are kept, and the rest of the section has the defaults', () => {
    expect(decodeConfig({ socketConfig: { port: 1 }, useEventFile: true })).toEqual({
      _tag: 'Right',
      right: { ...defaults, useEventFile: true, socketConfig: { ...defaults.socketConfig, port: 1 } },
    });
  });

  test('C1k C1l functions have the same defaults, but read files without waiting and archive nothing', async () => {
    const { eventsPerFile, archiveMaximumSizeBytes: maximumSizeBytes } = defaults.bufferedEventSourceConfig;
    expect(bufferOptions({ directory: 'a' })).toMatchObject({ eventsPerFile, archive: undefined });
    expect(bufferOptions({ directory: 'a', archive: {} })).toMatchObject({ archive: { maximumSizeBytes } });
    const { ip, maxReceiveTimeouts } = defaults.socketConfig;
    const scheduler = new VirtualTimeScheduler();
    const listening = new ReplaySubject<{ readonly host: string; readonly port: number }>(1);
    const ended = lastValueFrom(socketServer({ port: 0, listening, receiveTimeout: 1, scheduler }));
    ended.catch(() => undefined);
    expect((await firstValueFrom(listening)).host).toBe(ip);
    scheduler.flush();
    await expect(ended).rejects.toMatchObject({ name: 'ReceiveTimeoutError', maxReceiveTimeouts });
    expect(scheduler.now()).toBe(maxReceiveTimeouts + 1);
  });

  test.each(paths)('C2a %s rejects a value of another type', path => {
    for (const value of [null, {}, [], NaN, Symbol.iterator])
      expect(problems(withValue(path, value)).map(problem => problem.path)).toEqual([path]);
  });

  test.each(
    paths.filter(
      path => typeof path.split('.').reduce<unknown>((at, key) => (at as never)[key], defaults) === 'number',
    ),
  )('C2 %s rejects numbers that are not allowed', path => {
    for (const value of [-1, 0.5, Infinity, 2 ** 53, '1'])
      expect(problems(withValue(path, value)).map(problem => problem.path)).toEqual([path]);
  });

  test('C2b all problems, each with path, expected and found, in one error', () => {
    const result = decodeConfig({
      levle: 'info',
      level: 'loud',
      socketConfig: { port: 65_536, ip: '', host: null },
      fileEventSourceConfig: ['events'],
      useEventFile: 'yes',
      bufferedEventSourceConfig: { eventsPerFile: -1 },
    });
    if (isRight(result)) throw new Error('it was taken');
    expect(result.left.name).toBe('ConfigError');
    expect(result.left.message).toBe(
      [
        'invalid configuration (8 problems):',
        '  level: expected one of debug, info, warn, error, found "loud"',
        '  socketConfig.ip: expected a text that is not empty, found ""',
        '  socketConfig.port: expected a port, 0 to 65535, found 65536',
        '  socketConfig.host: expected a known key (ip, port, maxReceiveTimeouts, transportType), found null',
        '  fileEventSourceConfig: expected an object, found ["events"]',
        '  useEventFile: expected true or false, found "yes"',
        '  bufferedEventSourceConfig.eventsPerFile: expected a whole number of events, 0 or more, found -1',
        '  levle: expected a known key (level, socketConfig, socketServerInboundBufferSize, ' +
          'socketServerOutboundBufferSize, fileEventSourceConfig, useEventFile, jetStreamSourceConfig, useJetStream, ' +
          `panicOnError, useBufferedEventSource, bufferedEventSourceConfig, eventBusClientBufferSize), found "info" (${ERRORS_PAGE}#configerror)`,
      ].join('\n'),
    );
    expect(result.left.problems[2]).toEqual({
      path: 'socketConfig.port',
      expected: 'a port, 0 to 65535',
      found: '65536',
    });
  });

  test('C2 what is not an object at all; long values are cut', () => {
    expect(problems('x'.repeat(1000))).toEqual([{ path: '', expected: 'an object', found: `"${'x'.repeat(99)}…` }]);
    expect(problems(null)).toEqual([{ path: '', expected: 'an object', found: 'null' }]);
    expect(problems({ level: () => 1, socketConfig: { port: NaN } }).map(problem => problem.found)).toEqual([
      'function level',
      'NaN',
    ]);
  });

  test('C2c for any value it reports problems and does not throw', () => {
    const circle: Record<string, unknown> = {};
    circle['level'] = circle;
    let deep: unknown = 1;
    for (let i = 0; i < 50_000; i++) deep = { deep };
    expect(problems(circle)).toMatchObject([{ path: 'level' }]);
    expect(problems({ socketConfig: { port: 1n } })).toMatchObject([{ path: 'socketConfig.port', found: '1n' }]);
    expect(problems({ level: deep })).toMatchObject([
      { path: 'level', found: expect.stringContaining('"deep"') as unknown },
    ]);
    const throwing = {
      get level(): string {
        throw new Error('not today');
      },
    };
    expect(problems(throwing)).toEqual([{ path: '', expected: 'keys that can be read', found: 'Error: not today' }]);
  });

  test.each([[new Map([['level', 'debug']])], [new Date()], [new Set()], [() => 1]])(
    'C2 %p is not a configuration',
    value => {
      expect(problems(value)).toMatchObject([{ path: '', expected: 'an object' }]);
      expect(problems({ socketConfig: value })).toMatchObject([{ path: 'socketConfig', expected: 'an object' }]);
    },
  );

  test('C2 text from a file forges no line and moves no cursor', () => {
    const result = decodeConfig({ 'level\n  port: fine\u001b[2J': '\u009b2J' });
    if (isRight(result)) throw new Error('it was taken');
    expect(result.left.message).toContain('level\\n  port: fine\\u001b[2J: expected a known key');
    expect(result.left.message).toContain('"\\u009b2J"');
  });

  test('C2 is() accepts the known keys, and no others', () => {
    expect(Config.is(defaults)).toBe(true);
    expect(Config.is({ ...defaults, toString: 1 })).toBe(false);
  });

  test('C2a inherited keys, such as constructor, are unknown, too', () => {
    expect(problems(JSON.parse('{"constructor": 1, "__proto__": 2}')).map(problem => problem.path)).toEqual([
      'constructor',
      '__proto__',
    ]);
  });
});
