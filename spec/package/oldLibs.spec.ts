import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import ts from 'typescript';

/** A user's program beside the declarations of the package, and rxjs. */
const project = realpathSync(mkdtempSync(join(tmpdir(), 'old-libs-')));
const home = join(project, 'node_modules/rx-event-broker');

beforeAll(() => {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile('tsconfig.build.json', ts.sys.readFile).config,
    ts.sys,
    resolve('.'),
  );
  const program = ts.createProgram([resolve('lib/index.ts')], { ...options, outDir: home, emitDeclarationOnly: true });
  program.emit();
  writeFileSync(join(home, 'package.json'), '{ "type": "module", "exports": { ".": { "types": "./index.d.ts" } } }');
  symlinkSync(resolve('node_modules/rxjs'), join(project, 'node_modules/rxjs'), 'dir');
  mkdirSync(join(project, 'src'));
}, 120_000);

afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

/** What the compiler says of the program and of our declarations, with these libs and no types of Node. */
const problems = (code: string, libs: readonly string[]): readonly string[] => {
  const file = join(project, 'src/user.mts');
  writeFileSync(file, code);
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: libs.map(lib => `lib.${lib}.d.ts`),
    types: [],
    strict: true,
    noEmit: true,
  });
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ file: of }) => of === undefined || !/\/node_modules\/(rxjs|typescript)\//.test(of.fileName))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
};

const plain = `
  import { eventBroker } from 'rx-event-broker';
  const broker = eventBroker<{ readonly type: 'Tick' }>();
  broker.subscribe({ required: true, next: event => event.type }).unsubscribe();
  export const snapshot = broker.snapshot();
`;
const using = `
  import { eventBroker } from 'rx-event-broker';
  await using broker = eventBroker<{ readonly type: 'Tick' }>();
  using subscription = broker.subscribe({ required: true, next: event => event.type });
  export const id: number = subscription.id;
`;
const aborting = `
  import { eventBroker } from 'rx-event-broker';
  const broker = eventBroker<{ readonly type: 'Tick' }>();
  const controller = new AbortController();
  broker.subscribe({ required: true, signal: controller.signal, next: event => event.type });
  broker.subscribe({ required: true, signal: controller, next: event => event.type });
`;

describe('I1j the types need no lib that a program does not have', () => {
  test('a program without esnext.disposable, without the DOM and without Node compiles', () => {
    expect(problems(plain, ['es2022'])).toEqual([]);
  });

  test('and cannot use using', () => {
    expect(problems(using, ['es2022']).join('\n')).toMatch(/Symbol\.dispose|Disposable/);
  });

  test('one with esnext.disposable can', () => {
    expect(problems(using, ['es2022', 'esnext.disposable'])).toEqual([]);
  });

  test('one with the DOM passes an AbortSignal, and nothing else', () => {
    const found = problems(aborting, ['es2022', 'dom']);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('AbortController');
  });
});
