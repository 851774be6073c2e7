import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { ReplayResult } from '../../examples/replay/resultOf.js';
import { messages, ofRun, replay, root } from './replaying.js';

describe('options', () => {
  const some = ['--directory', '.', '--chain-id', 'x'];
  test.each<[argv: readonly string[], message: string]>([
    [[], '--directory: expected a folder of recorded files, found nothing'],
    [['--directory', '.'], '--chain-id: expected the id of their chain, found nothing'],
    [[...some, '--slow', 'very'], '--slow: expected milliseconds, from 0 to 2147483647, found "very"'],
    [[...some, '--time-between-blocks', '1s'], '--time-between-blocks: expected milliseconds'],
    [[...some, '--types', 'TIME_UPDATE'], 'found "TIME_UPDATE"; did you mean TimeUpdate?'],
    [[...some, '--types', 'Order,'], '--types: expected names of event types, such as TimeUpdate, found ""'],
    [[...some, '--frob'], "Unknown option '--frob'"],
    [[...some, 'more'], "Unexpected argument 'more'"],
    [[...some, '--directory'], "'--directory <value>' argument missing"],
  ])('%p', async (argv, message) => {
    const { code, out, err } = await replay(...argv);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(message);
  });

  test('--help lists them all, and every type', async () => {
    const { code, out, err } = await replay('--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const named = ['--directory', '--chain-id', '--types', '--slow', '--time-between-blocks', '--json', 'TimeUpdate'];
    expect(named.filter(name => !out.includes(name))).toEqual([]);
  });
});

describe('the command', () => {
  const command = promisify(execFile);
  const argv = ['--import', 'tsx', join(root, 'examples/replay/index.ts')];

  test('prints one line of JSON', async () => {
    const { stdout, stderr } = await command(process.execPath, [...argv, ...ofRun(), '--json'], { cwd: root });
    expect(stderr).toBe('');
    expect((JSON.parse(stdout) as ReplayResult).records).toBe(messages.length);
  }, 60_000);

  test('exits with 1 after an error', async () => {
    const failed = command(process.execPath, [...argv, ...ofRun({ 'a.evt': 'text' })], { cwd: root });
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('a text file?'),
    });
  }, 60_000);
});
