// The API report of every entry, docs/api/<entry>.api.md. `--write` updates it; without, a stale one is an error.
// Reads dist/esm, so build first.
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { entries } from './entries.mjs';

const write = process.argv.includes('--write');
const root = resolve('.');
const quiet = { default: { logLevel: 'none' } };
mkdirSync('docs/api', { recursive: true });

const stale = entries.filter(entry => {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: resolve(`dist/esm/${entry}.d.ts`),
      newlineKind: 'lf',
      compiler: { tsconfigFilePath: resolve('tsconfig.build.json'), skipLibCheck: true },
      apiReport: {
        enabled: true,
        reportFileName: entry,
        reportFolder: resolve('docs/api'),
        reportTempFolder: resolve('node_modules/.cache/api'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        // Release tags and TSDoc's grammar are not the house's: the report is about names and types.
        extractorMessageReporting: quiet,
        tsdocMessageReporting: quiet,
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: resolve('package.json'),
  });
  const { apiReportChanged, succeeded, errorCount } = Extractor.invoke(config, {
    localBuild: write,
    messageCallback: message => {
      // The extractor says how to fix it in words about itself; this script says so in ours.
      message.handled = message.messageId?.startsWith('console-') ?? false;
    },
  });
  if (errorCount > 0) throw new Error(`api-extractor: ${errorCount} errors in ${entry}`);
  return apiReportChanged || (!succeeded && !write);
});

const left = readdirSync('docs/api').filter(file => !entries.includes(file.replace(/\.api\.md$/, '')));
if (write) for (const file of left) rmSync(`docs/api/${file}`);

const complaints = [
  ...stale.map(entry => `docs/api/${entry}.api.md`),
  ...left.map(file => `docs/api/${file} (no such entry)`),
];
if (complaints.length > 0 && !write) {
  console.error(
    `The API report is not that of the code: ${complaints.join(', ')}. Look at the change, then: npm run api`,
  );
  process.exitCode = 1;
}
if (existsSync('temp')) rmSync('temp', { recursive: true });
