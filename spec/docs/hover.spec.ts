import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';
import { examplesIn, examplesOf } from './hoverExamples.js';
import { anchorsOf, root, text, under } from './writtenPages.js';

const lib = resolve(root, 'lib');
const entries = under('lib', '.ts')
  .filter(file => /^lib\/\w+\.ts$/.test(file))
  .map(file => join(root, file));

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.build.json'), ts.sys.readFile).config,
  ts.sys,
  root,
);

const examples = under('lib', '.ts').flatMap(file => examplesOf(text(file)));
const examplesText = (): string => examplesIn(examples, entries);

const examplesFile = join(lib, 'examples.virtual.ts');
const host = ts.createCompilerHost(options);
const program = ts.createProgram(
  [...entries, examplesFile],
  { ...options, isolatedModules: false, verbatimModuleSyntax: false, noUnusedLocals: false },
  {
    ...host,
    fileExists: file => file === examplesFile || host.fileExists(file),
    readFile: file => (file === examplesFile ? examplesText() : host.readFile(file)),
    getSourceFile: (file, ...rest) =>
      file === examplesFile
        ? ts.createSourceFile(file, examplesText(), {
            languageVersion: ts.ScriptTarget.ES2022,
            impliedNodeFormat: ts.ModuleKind.ESNext,
          })
        : host.getSourceFile(file, ...rest),
  },
);
const checker = program.getTypeChecker();

const resolved = (symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

const isOurs = (node: ts.Node): boolean => node.getSourceFile().fileName.startsWith(`${lib}/`);

const commentsOf = (node: ts.Node): readonly ts.JSDoc[] => ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);

const isDescribed = (node: ts.Node): boolean =>
  commentsOf(node).some(({ comment }) => (ts.getTextOfJSDocComment(comment) ?? '').trim() !== '');

const isMember = (node: ts.Node): node is ts.ClassElement | ts.TypeElement =>
  ts.isPropertySignature(node) ||
  ts.isMethodSignature(node) ||
  ts.isPropertyDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isAccessor(node);

/** `type` tells the members of a union apart: the union describes them. A key that is `never` is no option. */
const saysEnough = (node: ts.ClassElement | ts.TypeElement): boolean => {
  if (node.name?.getText() === 'type' && ts.isTypeLiteralNode(node.parent)) return true;
  return ts.isPropertySignature(node) && node.type?.kind === ts.SyntaxKind.NeverKeyword;
};

const nameOf = (node: ts.Node): string => {
  const { line } = ts.getLineAndCharacterOfPosition(node.getSourceFile(), node.getStart());
  const name = (node as ts.NamedDeclaration).name?.getText() ?? 'a default';
  return `${node.getSourceFile().fileName.slice(root.length + 1)}:${line + 1} ${name}`;
};

/** The value of a constant or the result of an arrow function: what runs, not what it is declared to be. */
const isCode = (node: ts.Node, child: ts.Node): boolean =>
  (ts.isVariableDeclaration(node) && child === node.initializer && !ts.isArrowFunction(child)) ||
  (ts.isArrowFunction(node) && child === node.body);

/** Every declaration that a user can hover over: exports, and the members of all that their types lead to. */
const publicDeclarations = (() => {
  const found = new Set<ts.Node>();

  const readType = (node: ts.Node): void => {
    if (ts.isConstructorDeclaration(node) || ts.isBlock(node)) return;
    if (isMember(node)) {
      const hidden =
        (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) !== 0 ||
        (node.name !== undefined && ts.isPrivateIdentifier(node.name));
      if (hidden) return;
      found.add(node);
    }
    if (ts.isIdentifier(node)) follow(node);
    ts.forEachChild(node, child => {
      if (!isCode(node, child)) readType(child);
    });
  };

  /** The types of this package that a type names, exported or not: their members are options, too. */
  const follow = (name: ts.Identifier): void => {
    const symbol = checker.getSymbolAtLocation(name);
    if (symbol === undefined) return;
    for (const declaration of resolved(symbol).declarations ?? []) {
      const isType = ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration);
      if (isType && isOurs(declaration)) visit(declaration);
    }
  };

  const seen = new Set<ts.Node>();
  const visit = (declaration: ts.Node): void => {
    if (seen.has(declaration)) return;
    seen.add(declaration);
    found.add(declaration);
    readType(declaration);
  };

  for (const entry of entries) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry)!)!;
    for (const exported of checker.getExportsOfModule(module)) {
      for (const declaration of resolved(exported).declarations ?? []) visit(declaration);
    }
  }
  return [...found];
})();

/** An overloaded function shows its overloads, not the declaration that implements them. */
const isShown = (node: ts.Node): boolean =>
  !ts.isFunctionDeclaration(node) ||
  node.body === undefined ||
  checker.getSignaturesOfType(checker.getTypeAtLocation(node), ts.SignatureKind.Call).length === 1;

const parametersOf = (node: ts.Node): readonly string[] => {
  const type = checker.getTypeAtLocation(node);
  return [...type.getCallSignatures(), ...type.getConstructSignatures()].flatMap(({ parameters }) =>
    parameters.map(({ name }) => name),
  );
};

describe('what an editor shows for a public name', () => {
  test('there are public names', () => {
    const names = publicDeclarations.map(nameOf).map(name => name.split(' ')[1]);
    for (const name of ['eventBroker', 'sendBatch', 'highWaterMark', 'sqlBlockStore', 'runMarbles', 'vegaDecoder'])
      expect(names).toContain(name);
  });

  test('every function, option, field and type has a description', () => {
    const silent = publicDeclarations
      .filter(isShown)
      .filter(node => !(isMember(node) && saysEnough(node)))
      .filter(node => !isDescribed(node));
    expect(silent.map(nameOf)).toEqual([]);
  });

  test('every `@param` names a parameter', () => {
    const tags = publicDeclarations.flatMap(node =>
      ts
        .getJSDocTags(node)
        .filter(ts.isJSDocParameterTag)
        .map(tag => ({ node, name: tag.name.getText() })),
    );
    expect(tags).not.toEqual([]);
    const lost = tags.filter(({ node, name }) => !parametersOf(node).includes(name));
    expect(lost.map(({ node, name }) => `${nameOf(node)}: ${name}`)).toEqual([]);
  });

  test('every `@see` opens a heading or a page of the installed package', () => {
    const base = ERRORS_PAGE.replace(/docs\/.*/, '');
    const links = publicDeclarations.flatMap(node =>
      ts
        .getJSDocTags(node)
        .filter(({ tagName }) => tagName.text === 'see')
        .map(
          tag =>
            tag
              .getText()
              .replace(/^@see\s+/, '')
              .trim()
              .split(/\s/)[0] ?? '',
        ),
    );
    expect(links).not.toEqual([]);
    const pages = new Set(under('docs', '.md'));
    const dead = links.filter(link => {
      const [page = '', anchor] = link.slice(base.length).split('#');
      return !link.startsWith(base) || !pages.has(page) || (anchor !== undefined && !anchorsOf(page).includes(anchor));
    });
    expect([...new Set(dead)]).toEqual([]);
  });

  test('every example fits an editor and the site', () => {
    const wide = examples.flatMap(code => code.split('\n')).filter(line => line.length > 80);
    expect(wide).toEqual([]);
  });

  test('every example compiles', () => {
    expect(examples.length).toBeGreaterThan(50);
    const file = program.getSourceFile(examplesFile)!;
    const problems = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    const lines = file.text.split('\n');
    const shown = problems.map(({ start = 0, messageText }) => {
      const { line } = ts.getLineAndCharacterOfPosition(file, start);
      return `${lines[line] ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
    expect(shown).toEqual([]);
  });
});
