import { runnablePages } from './spec/docs/blocks.mjs';

const shared = {
  testEnvironment: 'node',
  // Copies of the package, which jest would take for a second one of that name.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/\\.stryker-tmp/'],
  moduleNameMapper: {
    '^rx-event-broker$': '<rootDir>/lib/index.ts',
    '^rx-event-broker/(.*)$': '<rootDir>/lib/$1.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};

/** Sources run as CommonJS: fast, and the way most specs want it. */
const commonJs = {
  ...shared,
  displayName: 'spec',
  roots: ['<rootDir>/spec'],
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: ['\\.esm\\.spec\\.ts$'],
  transform: { '\\.ts$': 'babel-jest' },
};

/** For specs that import packages which exist as ES modules only, such as PGlite: `*.esm.spec.ts`. */
const esModules = {
  ...shared,
  displayName: 'esm',
  roots: ['<rootDir>/spec'],
  testMatch: ['**/*.esm.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      'babel-jest',
      { configFile: false, presets: [['@babel/preset-typescript', { onlyRemoveTypeImports: true }]] },
    ],
  },
};

/** The ts blocks of README.md and docs/. */
const docs = {
  ...shared,
  displayName: 'docs',
  roots: ['<rootDir>'],
  testMatch: runnablePages(import.meta.dirname).map(page => `<rootDir>/${page}`),
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node', 'md'],
  transform: { '\\.ts$': 'babel-jest', '\\.md$': '<rootDir>/spec/docs/markdown.mjs' },
};

// Node must be told to give jest its module hooks: `npm run jest` does. A plain `npx jest` leaves the ES modules out.
const hasModuleHooks = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some(option =>
  option.includes('--experimental-vm-modules'),
);

export default {
  // With one worker fewer than cores, two cores would run all specs in one process. What its specs leave on the heap slows down
  // those after them, to a tenth in the end: a worker that holds more than this is replaced before its next spec.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '512MB',
  // A test that hangs is told after this long, in ms; 5 s is not enough where a process or a database has to start.
  testTimeout: 30_000,
  projects: [commonJs, ...(hasModuleHooks ? [esModules] : []), ...(docs.testMatch.length > 0 ? [docs] : [])],
};
