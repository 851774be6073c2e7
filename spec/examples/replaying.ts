import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, expect } from '@jest/globals';
import { marketRun } from '../../examples/market/index.js';
import { main } from '../../examples/replay/main.js';
import type { ReplayResult } from '../../examples/replay/resultOf.js';
import { folderOf, framed, page } from './recording.js';

export const root = resolve(__dirname, '../..');
const options = { seed: 2, blocks: 60 };
export const events = [...marketRun(options).events];
const run = marketRun(options);
export const messages = [...run.messages];
export const totals = run.totals();
export const sound = framed(messages);

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const folder = (files: Readonly<Record<string, Uint8Array | string>>): string => {
  const made = folderOf(files);
  folders.push(made);
  return made;
};

export const replay = async (...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> => {
  const out = page();
  const err = page();
  const code = await main(argv, out, err);
  return { code, out: out.text(), err: err.text() };
};

export const replayJson = async (...argv: readonly string[]): Promise<ReplayResult> => {
  const { code, out, err } = await replay(...argv, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.split('\n')).toHaveLength(2); // one line, and its end
  return JSON.parse(out) as ReplayResult;
};

export const ofRun = (files: Readonly<Record<string, Uint8Array | string>> = { 'a.evt': sound }): readonly string[] => [
  '--directory',
  folder(files),
  '--chain-id',
  'market-sim',
];
