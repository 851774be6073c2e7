// npm run bench -- NAME [arguments]: runs spec/bench/NAME.ts, which reads its arguments from process.argv.slice(3).
import { readdirSync } from 'node:fs';

const names = readdirSync(import.meta.dirname)
  .filter(file => file.endsWith('.ts') && file !== 'run.ts' && !file.endsWith('.spec.ts'))
  .map(file => file.slice(0, -'.ts'.length));
const name = process.argv[2];

if (name !== undefined && names.includes(name)) await import(`./${name}.ts`);
else {
  console.error(`npm run bench -- NAME: expected one of ${names.join(', ')}; found ${name ?? 'none'}`);
  process.exitCode = 1;
}
