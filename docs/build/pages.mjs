// Writes what is made, not written, into docs/reference and docs/public, which git does not know.
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeCopies } from './copies.mjs';
import { buildPlayground } from './playground.mjs';
import { writeReference } from './reference.mjs';

rmSync(new URL('../reference', import.meta.url), { recursive: true, force: true });
rmSync(new URL('../public', import.meta.url), { recursive: true, force: true });
mkdirSync(new URL('../public/play', import.meta.url), { recursive: true });
await writeReference();
await writeCopies();
await buildPlayground(fileURLToPath(new URL('../public/play', import.meta.url)));
