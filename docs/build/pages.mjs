// Writes the pages that are made, not written, into docs/reference, which git does not know.
import { rmSync } from 'node:fs';
import { writeCopies } from './copies.mjs';
import { writeReference } from './reference.mjs';

rmSync(new URL('../reference', import.meta.url), { recursive: true, force: true });
await writeReference();
await writeCopies();
