import { describe, jest } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

// All specs in one file: what they stand on is loaded once a mutant, not once a spec. Those that take longest come last,
// but for that of hundreds of thousands of events: a mutant that it alone sees is not worth the minutes.
const spec = resolve(__dirname, '..');
const last = ['operators/laws.spec.ts', 'model/broker.spec.ts'];
const never = ['broker/many.spec.ts'];
// They call what the broker has for them alone: its records, and the context of a `send`.
const users = ['inspect/kinds.spec.ts', 'inspect/model.spec.ts', 'process/asyncContext.spec.ts'];
const others = ['event', 'flow', 'operators', 'broker']
  .flatMap(folder =>
    readdirSync(join(spec, folder), { recursive: true, encoding: 'utf8' }).map(name => `${folder}/${name}`),
  )
  .filter(
    name =>
      name.endsWith('.spec.ts') && !name.endsWith('.esm.spec.ts') && !last.includes(name) && !never.includes(name),
  );

for (const name of [...others, ...users, ...last]) {
  // each in a block of its own: what a spec does before and after each of its tests is not for those of others
  describe(name, () => {
    jest.requireActual(join(spec, name));
  });
}
