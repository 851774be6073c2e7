import { describe, expect, test } from '@jest/globals';
import { NEVER } from 'rxjs';
import { inproc } from '../../../lib/source/socket/inproc.js';
import { socketClient } from '../../../lib/source/socket/socketClient.js';
import { socketServer } from '../../../lib/source/socket/socketServer.js';

const both: readonly (readonly [string, readonly unknown[]])[] = [
  ['pause$', [true, null, {}]],
  ['notices', [null, {}, () => undefined]],
  ['maxMessageBytes', [-1, 0.5, NaN, Infinity, '1', null]],
  ['scheduler', [null, {}, 'async']],
];
const times = [NaN, -1, '5000', null];
const ofServer: readonly (readonly [string, readonly unknown[]])[] = [
  ...both,
  ['receiveTimeout', times],
  ['maxReceiveTimeouts', [...times, 0.5]],
  ['replies$', [[], 'x', null]],
  ['validate', [true, null]],
  ['disconnect$', [new Error('x'), null]],
];
const ofClient: readonly (readonly [string, readonly unknown[]])[] = [
  ...both,
  ['dialRetryInterval', times],
  ['dialTimeout', times],
  ['messages$', [[], 'x', null]],
];
const ofServerAlone: readonly (readonly [string, readonly unknown[]])[] = [
  ['port', [undefined, -1, 65_536, 0.5, NaN, '80', null]],
  // the system would take an empty host as every address (promise N7)
  ['host', ['', ' ', null, 7]],
  ['listening', [null, {}]],
];
const ofClientAlone: readonly (readonly [string, readonly unknown[]])[] = [
  ['port', [undefined, 0, 65_536, 0.5, NaN, '80', null]],
  ['host', [undefined, '', null, 7]],
];
const pair = inproc();
const server = (options: object) => socketServer({ port: 0, ...options });
const client = (options: object) => socketClient({ host: '::1', port: 1, ...options });

describe('options of sockets', () => {
  const calls: readonly (readonly [string, (options: object) => unknown, typeof both])[] = [
    ['socketServer', server, [...ofServer, ...ofServerAlone]],
    ['socketClient', client, [...ofClient, ...ofClientAlone]],
    ['inproc().server', options => pair.server(options), ofServer],
    ['inproc().client', options => pair.client(options), ofClient],
  ];
  describe.each(calls)('%s', (_, call, checks) => {
    test.each(checks)('rejects invalid values of %s at the call', (option, values) => {
      for (const value of values) {
        expect(() => call({ [option]: value })).toThrow(expect.objectContaining({ name: 'OptionError', option }));
      }
    });

    test('rejects unknown options, and accepts those that are undefined', () => {
      expect(() => call({ noticez: NEVER })).toThrow('noticez: expected notices; ');
      expect(() => call({ pause$: undefined, noticez: undefined })).not.toThrow();
      expect(() => call({ maxMessageBytes: 0, scheduler: undefined })).not.toThrow();
    });
  });

  test('rejects a value that is not an options object', () => {
    for (const options of [undefined, null, 3005]) {
      expect(() => socketServer(options as never)).toThrow('socketServer: expected an object of options');
      expect(() => socketClient(options as never)).toThrow('socketClient: expected an object of options');
    }
  });
});
