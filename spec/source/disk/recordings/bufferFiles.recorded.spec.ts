import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { lastValueFrom, toArray } from 'rxjs';
import { bufferFiles } from '../../../../lib/source/disk/recordings/bufferFiles.js';
import { readNumber } from '../../../../lib/source/disk/format/record.js';

const directory = resolve('../shared/recorded-events');
const isThere = existsSync(directory);
if (!isThere && process.env['CI'] !== 'true')
  console.warn(`skipped, because ${directory} is not there: reading what a Go node recorded`);
const onRecording = isThere || process.env['CI'] === 'true' ? describe : describe.skip;

onRecording('R1c what a Go node recorded', () => {
  test('is read completely: 6,964 messages, which are all the bytes of the file', async () => {
    const file = gunzipSync(readFileSync(join(directory, 'system_tests.evt.gz')));
    const messages = await lastValueFrom(bufferFiles({ directory }).pipe(toArray()));
    expect(messages).toHaveLength(6964);
    let at = 0;
    messages.forEach((message, number) => {
      expect(readNumber(file, at)).toBe(BigInt(number));
      expect(Buffer.compare(file.subarray(at + 12, at + 12 + message.length), message)).toBe(0);
      at += 12 + message.length;
    });
    expect(at).toBe(file.length);
  });
});
