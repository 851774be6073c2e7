// What `npm run mutate` runs, thousands of times: the specs of the folders that it mutates, and of those that they stand on.
import { buildSync } from 'esbuild';
import { join } from 'node:path';
import config from './jest.config.js';

// Read by spec/operators/laws.spec.ts: fewer values in the firehose.
process.env.MUTATE = 'yes';

// Each library as one file, for jest would load the hundreds of RxJS's anew for every mutant.
const libraries = join(import.meta.dirname, 'node_modules/.cache/mutate');
const bundle = (name, contents) => {
  const outfile = join(libraries, name);
  buildSync({ stdin: { contents, resolveDir: import.meta.dirname }, outfile, bundle: true, platform: 'node' });
  return outfile;
};

export default {
  ...config.projects[0],
  testEnvironment: join(import.meta.dirname, 'spec/mutation/environment.cjs'),
  setupFilesAfterEnv: ['<rootDir>/spec/mutation/unhandled.ts'],
  testMatch: ['<rootDir>/spec/mutation/all.ts'],
  moduleNameMapper: {
    '^rxjs(/testing)?$': bundle('rxjs.cjs', "export * from 'rxjs'; export * from 'rxjs/testing';"),
    '^fast-check$': bundle('fast-check.cjs', "export { default } from 'fast-check'; export * from 'fast-check';"),
    ...config.projects[0].moduleNameMapper,
  },
};
