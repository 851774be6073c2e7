// Events into a file: the stream is slow, so it pauses the source, and the file is complete when `end` has resolved.
// Look at "waited": few lines wait in memory, however long the file becomes.
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { eventBroker, fromPull, toWritable } from 'rx-event-broker';

type Line = { readonly type: 'Line'; readonly text: string };

export const main = async (print: (line: string) => void): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'to-a-file-'));
  const file = join(folder, 'lines.txt');
  let most = 0;
  const lines = function* (): Generator<Line> {
    for (let n = 1; n <= 5000; n++) {
      most = Math.max(most, broker.snapshot().subscribers[0]?.pending ?? 0);
      yield { type: 'Line', text: `line ${n}` };
    }
  };

  const broker = eventBroker<Line>();
  const write = toWritable<string>(createWriteStream(file));
  broker.subscribe({ required: true, highWaterMark: 4, next: ({ text }) => write(`${text}\n`) });
  await lastValueFrom(
    broker.receive(pause$ => fromPull(lines, { pause$ })),
    { defaultValue: undefined },
  );
  await firstValueFrom(broker.drain(), { defaultValue: undefined });
  await write.end();

  const written = (await readFile(file, 'utf8')).trimEnd().split('\n');
  print(`${written.length} lines, the last is "${written.at(-1) ?? ''}"`);
  print(`at most ${most} waited`);
  await rm(folder, { recursive: true });
};
