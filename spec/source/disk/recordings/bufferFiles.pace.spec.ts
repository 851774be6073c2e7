import { describe, expect, test } from '@jest/globals';
import { BehaviorSubject, NEVER, of, Subject, throwError } from 'rxjs';
import { bufferFiles } from '../../../../lib/source/disk/recordings/bufferFiles.js';
import { folderOf } from '../folder.js';
import { numbered } from './numbered.js';
import { recordsOf } from '../records.js';
import { noticeLog, settled, watch, watchAll, when } from '../watch.js';

describe('B12 the pause', () => {
  const texts = numbered(1000);
  const directoryOf = () => folderOf({ a: recordsOf(texts) });

  test('nothing is emitted, and nothing read, while it is paused from the start', async () => {
    const pause$ = new BehaviorSubject(true);
    const { notices, observer } = noticeLog();
    const watched = watch(bufferFiles({ directory: directoryOf(), pause$, notices: observer }));
    await settled();
    expect([watched.texts, notices]).toEqual([[], []]);
    pause$.next(false);
    await watched.ended;
    expect(watched.texts).toEqual(texts);
  });

  test('a pause inside next stops the values immediately, and those in memory come in the call that ends it', async () => {
    const pause$ = new Subject<boolean>();
    const watched = watch(bufferFiles({ directory: directoryOf(), pause$ }), text => {
      if (text === 'message 9' || text === 'message 500') pause$.next(true);
    });
    await when(() => watched.texts.length > 9);
    await settled();
    expect(watched.texts).toEqual(texts.slice(0, 10));
    pause$.next(false);
    expect(watched.texts).toEqual(texts.slice(0, 501));
    await settled();
    expect(watched.end).toBe('running');
    pause$.next(false);
    await watched.ended;
    expect(watched.texts).toEqual(texts);
  });

  test('toggled inside every next it does not re-enter', async () => {
    const pause$ = new Subject<boolean>();
    let depth = 0;
    const watched = watch(bufferFiles({ directory: directoryOf(), pause$ }), () => {
      expect(depth++).toBe(0);
      pause$.next(true);
      pause$.next(false);
      depth--;
    });
    await watched.ended;
    expect(watched.texts).toEqual(texts);
  });

  test('a pause with every message, ended later, loses and repeats nothing', async () => {
    const pause$ = new Subject<boolean>();
    const watched = watch(bufferFiles({ directory: directoryOf(), pause$ }), () => {
      pause$.next(true);
      setImmediate(() => pause$.next(false));
    });
    await watched.ended;
    expect(watched.texts).toEqual(texts);
  });

  test('while paused, later chunks are not read', async () => {
    const long = numbered(20_000);
    const directory = folderOf({ a: recordsOf(long) });
    const pause$ = new Subject<boolean>();
    const { notices, observer } = noticeLog();
    const watched = watch(bufferFiles({ directory, pause$, notices: observer }), text => {
      if (text === 'message 5') pause$.next(true);
    });
    await when(() => watched.texts.length > 5);
    await settled();
    expect(notices).toHaveLength(1);
    expect(watched.texts).toEqual(long.slice(0, 6));
    watched.subscription.unsubscribe();
  });

  test('when the level completes, the last one stays; when it errors, the source does', async () => {
    const running = await watchAll(bufferFiles({ directory: directoryOf(), pause$: of(true, false) }));
    expect(running.texts).toEqual(texts);
    const paused = watch(bufferFiles({ directory: directoryOf(), pause$: of(true) }));
    await settled();
    expect(paused).toMatchObject({ texts: [], end: 'running' });
    paused.subscription.unsubscribe();
    const broken = new Error('level');
    const failed = await watchAll(bufferFiles({ directory: directoryOf(), pause$: throwError(() => broken) }));
    expect(failed.end).toBe(broken);
    const unlevelled = await watchAll(bufferFiles({ directory: directoryOf(), pause$: NEVER }));
    expect(unlevelled.texts).toEqual(texts);
  });
});
