import { readdirSync } from 'node:fs';

/** The entry points: `index`, `node` … – every file that stands directly in lib/. */
export const entries = readdirSync('lib')
  .filter(file => file.endsWith('.ts'))
  .map(file => file.slice(0, -'.ts'.length))
  .sort();

/** How a user writes the entry: `rx-event-broker`, `rx-event-broker/node` … */
export const specifier = entry => (entry === 'index' ? 'rx-event-broker' : `rx-event-broker/${entry}`);
