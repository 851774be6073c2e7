import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { concat, EMPTY, NEVER, Observable, Subject, throwError } from 'rxjs';
import { bufferOnDisk } from '../../../../lib/source/disk/buffer/bufferOnDisk.js';
import { folderOf } from '../folder.js';
import { bytesOf } from '../records.js';
import { messagesOf, runAll, textsOf } from './runBuffer.js';
import { noticeLog, settled, watch, watchAll, when } from '../watch.js';

describe('D4 the end of the source', () => {
  test('D4a completion comes after all messages before it', async () => {
    expect(await runAll(messagesOf(textsOf(1000)), { directory: folderOf() })).toMatchObject({
      texts: textsOf(1000),
      end: 'complete',
    });
  });

  test('D4a so does an error', async () => {
    const broken = new Error('source');
    const source = concat(
      messagesOf(textsOf(1000)),
      throwError(() => broken),
    );
    expect(await runAll(source, { directory: folderOf() })).toMatchObject({ texts: textsOf(1000), end: broken });
  });

  test('an empty source completes', async () => {
    expect(await runAll(EMPTY, { directory: folderOf() })).toMatchObject({ texts: [], end: 'complete' });
  });
});

describe('L1 release', () => {
  test('a second run of the same buffer waits for the first one, also from inside its end', async () => {
    const directory = folderOf();
    const buffer = bufferOnDisk(messagesOf(textsOf(3)), { settlement: 'none', directory });
    expect(await watchAll(concat(buffer(NEVER), buffer(NEVER)))).toMatchObject({
      texts: [...textsOf(3), ...textsOf(3)],
      end: 'complete',
    });
  });

  test('so does another buffer of the same folder, by whatever path', async () => {
    const directory = folderOf();
    const [one$, two$] = [
      bufferOnDisk(messagesOf(['one']), { settlement: 'none', directory })(NEVER),
      bufferOnDisk(messagesOf(['two']), { settlement: 'none', directory: `${directory}/.` })(NEVER),
    ];
    expect(await watchAll(concat(one$, two$))).toMatchObject({ texts: ['one', 'two'], end: 'complete' });
  });

  test('unsubscribing writes all received messages', async () => {
    const directory = folderOf();
    const source = new Subject<Uint8Array>();
    const { observer, until } = noticeLog();
    const watched = watch(bufferOnDisk(source, { settlement: 'none', directory, notices: observer })(NEVER));
    await when(() => source.observed);
    for (const text of textsOf(100)) source.next(bytesOf(text));
    watched.subscription.unsubscribe();
    expect(source.observed).toBe(false);
    await until('Released');
    expect(watched.texts).toEqual([]);
    expect((await runAll(EMPTY, { directory })).texts).toEqual(textsOf(100));
  });

  test('unsubscribing while it opens', async () => {
    const directory = folderOf();
    const { observer, until } = noticeLog();
    let isSubscribed = false;
    const source = new Observable<Uint8Array>(() => void (isSubscribed = true));
    const watched = watch(bufferOnDisk(source, { settlement: 'none', directory, notices: observer })(NEVER));
    await settled();
    watched.subscription.unsubscribe();
    await until('Released');
    expect(readdirSync(directory).filter(name => name.startsWith('.lock'))).toEqual([]);
    expect(typeof isSubscribed).toBe('boolean');
  });
});
