import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const folder = resolve(__dirname, '../../docs/decisions');
const files = readdirSync(folder)
  .filter(file => file !== 'README.md')
  .sort();

describe('decisions', () => {
  test('are numbered without a gap', () => {
    const numbers = files.map(file => file.slice(0, 4));
    expect(numbers).toEqual(files.map((_, index) => String(index + 1).padStart(4, '0')));
  });

  test.each(files)('%s has the standard layout: title, status, date, context, decision, consequences', file => {
    const lines = readFileSync(join(folder, file), 'utf8').split('\n');
    expect(file).toMatch(/^\d{4}(-[a-z0-9]+)+\.md$/);
    expect(lines[0]).toMatch(new RegExp(`^# ${file.slice(0, 4)}\\. \\S`));
    expect(lines[2]).toMatch(
      /^- Status: (proposed|accepted|rejected|superseded by \[\d{4}\]\(\d{4}-[a-z0-9-]+\.md\))$/,
    );
    expect(lines[3]).toMatch(/^- Date: 20\d\d-[01]\d-[0-3]\d$/);
    expect(lines.filter(line => line.startsWith('#')).slice(1)).toEqual([
      '## Context',
      '## Decision',
      '## Consequences',
    ]);
  });
});
