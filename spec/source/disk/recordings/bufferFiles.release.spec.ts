import { existsSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { concat, take } from 'rxjs';
import { bufferFiles } from '../../../../lib/source/disk/recordings/bufferFiles.js';
import { folderOf } from '../folder.js';
import { numbered } from './numbered.js';
import { recordsOf } from '../records.js';
import { noticeLog, settled, watch, watchAll } from '../watch.js';

const onLinux = process.platform === 'linux';

describe('L1 release', () => {
  // Linux shows a process its open files.
  const openFiles = (directory: string) =>
    !onLinux
      ? []
      : readdirSync('/proc/self/fd').filter(fd => {
          const link = join('/proc/self/fd', fd);
          return existsSync(link) && readlinkSync(link).startsWith(directory);
        });

  test.each(['plain', 'gzipped'])('%s: unsubscribing in the middle closes the file, and emits Released', async kind => {
    const content = recordsOf(numbered(50_000));
    const directory = folderOf({ a: kind === 'plain' ? content : gzipSync(content) });
    const { observer, until } = noticeLog();
    const open: string[][] = [];
    const messages$ = bufferFiles({ directory, notices: observer }).pipe(take(3));
    const watched = watch(messages$, () => open.push(openFiles(directory)));
    expect(await until('Released')).toEqual({ type: 'Released', what: directory });
    expect(watched.texts).toHaveLength(3);
    expect(open[0]).toHaveLength(onLinux ? 1 : 0);
    expect(openFiles(directory)).toEqual([]);
  });

  test('it is cold: each subscription reads from the start, also two at the same time', async () => {
    const texts = numbered(100);
    const directory = folderOf({ a: recordsOf(texts) });
    const messages$ = bufferFiles({ directory });
    writeFileSync(join(directory, 'b'), recordsOf(['late']));
    const [first, second] = await Promise.all([watchAll(messages$), watchAll(messages$)]);
    expect([first.texts, second.texts]).toEqual([
      [...texts, 'late'],
      [...texts, 'late'],
    ]);
    expect((await watchAll(concat(messages$, messages$))).texts).toHaveLength(202);
  });

  test('unsubscribing before anything was read emits nothing', async () => {
    const { observer, until } = noticeLog();
    const watched = watch(bufferFiles({ directory: folderOf({ a: recordsOf(['1']) }), notices: observer }));
    watched.subscription.unsubscribe();
    await until('Released');
    await settled();
    expect(watched.texts).toEqual([]);
  });
});
