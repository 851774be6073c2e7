import { readdirSync } from 'node:fs';
import { from, NEVER, take, type Observable } from 'rxjs';
import type { Source } from '../../../../lib/flow/contract/Source.js';
import { bufferOnDisk } from '../../../../lib/source/disk/buffer/bufferOnDisk.js';
import { byAge } from '../../../../lib/source/disk/format/fileName.js';
import { bytesOf } from '../records.js';
import { noticeLog, watchAll, type Watched } from '../watch.js';

export const textsOf = (count: number, first = 1) => Array.from({ length: count }, (_, at) => `message ${first + at}`);
export const messagesOf = (texts: readonly string[]) => from(texts.map(bytesOf));

/** Runs a buffer to its end, and waits until it has released its folder. */
export const runAll = async (
  source: Source<Uint8Array>,
  options: Parameters<typeof bufferOnDisk>[1],
  pause$: Observable<boolean> = NEVER,
): Promise<Watched> => {
  const { observer, until } = noticeLog();
  const watched = await watchAll(bufferOnDisk(source, { settlement: 'none', notices: observer, ...options })(pause$));
  if (options.notices === undefined) await until('Released');
  return watched;
};

/** Like `runAll`, for a consumer that takes that many and unsubscribes. */
export const runSome = async (
  source: Source<Uint8Array>,
  options: Parameters<typeof bufferOnDisk>[1],
  count: number,
) => {
  const { observer, until } = noticeLog();
  const watched = await watchAll(
    bufferOnDisk(source, { settlement: 'none', ...options, notices: observer })(NEVER).pipe(take(count)),
  );
  await until('Released');
  return watched;
};

export const visible = (directory: string) =>
  readdirSync(directory)
    .filter(name => !name.startsWith('.'))
    .sort(byAge);
