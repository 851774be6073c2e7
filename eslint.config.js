import eslint from '@eslint/js';
import rxjs from 'eslint-plugin-rxjs-x';
import tseslint from 'typescript-eslint';
import { fewLets } from './spec/lint/fewLets.mjs';
import { fileExport } from './spec/lint/fileExport.mjs';
import { plainTemplates } from './spec/lint/plainTemplates.mjs';
import { streamNames } from './spec/lint/streamNames.mjs';
import { vocabularies } from './spec/lint/vocabularies.mjs';
import { voidArrows } from './spec/lint/voidArrows.mjs';

const house = {
  rules: {
    'few-lets': fewLets,
    'file-export': fileExport,
    'plain-templates': plainTemplates,
    'stream-names': streamNames,
    'void-arrows': voidArrows,
  },
};

/** A yes or a no inside is named as one; what users see has the names of the API. */
const yesOrNo = {
  format: ['PascalCase'],
  prefix: ['is', 'has', 'can', 'should', 'may', 'does', 'was', 'needs', 'did', 'will'],
};

const deepImports = {
  regex: '^(fp-ts|io-ts)/(?!lib/.+\\.js$)',
  message: 'A directory import passes the compiler and dies in Node: import fp-ts/lib/Option.js.',
};
const hashPrivate = {
  selector:
    ':matches(PropertyDefinition, MethodDefinition[kind!="constructor"], TSParameterProperty)[accessibility="private"]',
  message: 'Write #name: nobody can reach it, at run time either.',
};
const ownClasses = {
  selector: 'BinaryExpression[operator="instanceof"][right.name=/(.Error|Observable|Subject)$/]',
  message: 'ESM and CJS copies of a class may meet in one program: compare the name, or use isObservable.',
};

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/', '.stryker-tmp/', 'lib/devtools/timelineScript.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: { console: 'readonly', performance: 'readonly', process: 'readonly', URL: 'readonly' },
    },
  },
  {
    files: ['**/*.ts'],
    plugins: { house },
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked, rxjs.configs.strict],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', hashPrivate],
      'no-restricted-imports': ['error', { patterns: [deepImports] }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],

      'house/stream-names': ['error', { functions: false, methods: false, objects: false, strict: true }],
      'house/void-arrows': 'error',
      'house/plain-templates': 'error',

      // ── exceptions, each with its reason ──
      // One-line arrows that call something are the house's way of writing a handler.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Messages name numbers: heights, offsets, counts.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // A call to somebody else may come back and change our state (re-entrancy); the rule believes the value from before it.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // An index below the length is there; `noUncheckedIndexedAccess` cannot know it, and a test of it would be dead code.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // `Work` is "void or something to wait for": that is what a handler returns.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // A type parameter used once is how `const T` infers the names in `types`.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // An empty string is nothing where a text is meant: `a || 'none'`.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      // `as T` names the type, `!` is shorter: either may read better.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // Classes are what the inside is made of, and may share a Subject; what users get are functions and interfaces.
      'rxjs-x/no-exposed-subjects': 'off',
      // Marble diagrams are ASCII; to spread one is how it is taken apart.
      '@typescript-eslint/no-misused-spread': 'off',
      // An optional peer's types may not be there: what is declared stands without them. The compiler keeps the comment.
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-ignore': 'allow-with-description' }],
      // Nothing to do is a fine thing for a handler to do.
      '@typescript-eslint/no-empty-function': 'off',
      // A type alias says "a shape", an interface "a thing with a contract"; both have their place in the house.
      '@typescript-eslint/consistent-type-definitions': 'off',
    },
  },
  {
    files: ['lib/**/*.ts'],
    rules: {
      'house/few-lets': 'error',
      'house/file-export': ['error', { except: vocabularies }],
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'variable', types: ['boolean'], ...yesOrNo },
        { selector: 'classProperty', modifiers: ['#private'], types: ['boolean'], ...yesOrNo },
        { selector: 'variable', modifiers: ['destructured'], types: ['boolean'], format: null },
        {
          selector: 'variable',
          modifiers: ['const', 'global'],
          types: ['number', 'string', 'boolean'],
          format: ['UPPER_CASE'],
        },
      ],
      'max-lines': ['error', 250],
      'no-restricted-syntax': ['error', hashPrivate, ownClasses],
    },
  },
  { files: ['docs/playground/**/*.ts'], rules: { 'max-lines': ['error', 250] } },
  {
    files: ['spec/**/*.ts', 'examples/**/*.ts'],
    rules: {
      // A test ends with a failed expectation, an example with a crashed process: both show an unhandled error.
      'rxjs-x/no-ignored-error': 'off',
      // Doubles are async because what they stand for is, and give Promises where a handler may.
      '@typescript-eslint/require-await': 'off',
      // `expect(broker.send)` and the like.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['spec/**/*.ts'],
    rules: {
      // Specs make streams of every odd kind on purpose, in tables whose columns have names of their own.
      'house/stream-names': 'off',
      'rxjs-x/no-nested-subscribe': 'off',
      'rxjs-x/no-ignored-subscribe': 'off',
      'rxjs-x/no-ignored-default-value': 'off',
      'rxjs-x/no-implicit-any-catch': 'off',
      'rxjs-x/throw-error': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
    },
  },
  {
    files: ['**/*nestjs*/*.ts', '**/nestjs.spec.ts', 'spec/complaints/cqrs.spec.ts'],
    rules: {
      // A module of NestJS is a class with nothing in it.
      '@typescript-eslint/no-extraneous-class': 'off',
      // The options of NestJS are declared as classes, and given as objects.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    // Written as users write, who have rules of their own; what matters here is what compiles.
    files: ['spec/api/**/*.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: {
      ...Object.fromEntries(Object.keys(rxjs.rules).map(name => [`rxjs-x/${name}`, 'off'])),
      ...Object.fromEntries(Object.keys(house.rules).map(name => [`house/${name}`, 'off'])),
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-unused-vars': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/ban-ts-comment': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      'no-restricted-syntax': 'off',
    },
  },
);
