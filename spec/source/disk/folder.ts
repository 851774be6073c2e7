import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

const made: string[] = [];

afterAll(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true });
});

/** A new folder with these files, gone after the tests. */
export const folderOf = (files: Readonly<Record<string, Uint8Array | string>> = {}): string => {
  const directory = mkdtempSync(join(tmpdir(), 'rx-event-broker-'));
  made.push(directory);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  return directory;
};
