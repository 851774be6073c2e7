import { fileURLToPath } from 'node:url';

const site = fileURLToPath(new URL('../../node_modules/.cache/site', import.meta.url));
console.log(`
The site lies in ${site}.
To look at it:                            npm --prefix docs run preview
To measure its pages in Chromium as well: npm --prefix docs run check
`);
