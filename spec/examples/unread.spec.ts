import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';

test.each(['demo', 'store', 'core'])(
  'who stops reading what %s prints ends it quietly, as `head` does',
  async example => {
    const program = spawn(process.execPath, ['--import', 'tsx', `examples/${example}/index.ts`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    program.stdout.destroy();
    const said: string[] = [];
    program.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
    const [code] = (await once(program, 'close')) as [number | null];
    expect([code, said.join('')]).toEqual([141, '']);
  },
  60_000,
);
