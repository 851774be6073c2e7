// npm run bench -- nats [source|sink] [arguments]: each part starts a server of its own.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const parts = readdirSync(join(import.meta.dirname, 'nats')).map(file => file.slice(0, -'.ts'.length));
const [, , , part, ...args] = process.argv;
for (const name of part === undefined ? parts : [part]) {
  const module = (await import(`./nats/${name}.ts`)) as Record<string, (args: readonly string[]) => Promise<void>>;
  await module[name]!(args);
}
