// The script of the page that `serveTimeline` serves, lib/devtools/timelineScript.ts: the entry `timeline`, bundled. `--write` updates
// it; without, a stale one is an error. It is a text in the package, so that it is found wherever the package was bundled to.
import { build } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const file = resolve(import.meta.dirname, '../../lib/devtools/timelineScript.ts');

/** The file as it should be. */
export const timelineScript = async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { defineTimeline } from './lib/timeline/defineTimeline.js'; defineTimeline();`,
      resolveDir: resolve(import.meta.dirname, '../..'),
    },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'ascii',
    write: false,
  });
  return `// Written by spec/package/timelineScript.mjs: npm run timeline:script
/** The element <rx-timeline>, and the call that defines it, for a page. */
export const TIMELINE_SCRIPT = ${JSON.stringify(outputFiles[0].text)};
`;
};

if (process.argv[1] === import.meta.filename) {
  const text = await timelineScript();
  if (process.argv.includes('--write')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error('lib/devtools/timelineScript.ts is not that of lib/timeline. Write it: npm run timeline:script');
    process.exitCode = 1;
  }
}
