// The ```marbles fences of the pages, for the runner of the tests and for the renderer of the site.
//
//     const broker = eventBroker();              1. code; its last statement may be an expression, called `result`
//     source.pipe(ofType('A'))
//
//     source  a-b-a-|                            2. what is given, a row each; may be left out
//
//     result  a---a-|                            3. what is expected, a row each
//
//     a = { type: 'A' }                          4. values, where a letter is not just itself
//
// Given: `name` is a cold Observable, `name(pause$)` a source that can be paused, `name$` a level of t and f. Expected: `result`;
// `pause$`, when the source was paused; `probe.began` and the other rows of `expectDeliveries`; `source.subscriptions`; any
// other expression: what an Observable emits, or how a value changes. An error in a result is compared by its name: `# = 'TypeError'`.
import babel from '@babel/core';

const row = ({ text, line }) => {
  const parts = /^(\S+)\s+(.*)$/.exec(text);
  if (parts === null) throw new Error(`line ${line}: expected a row such as "source  a-b-|", found ${text}`);
  return { label: parts[1], marbles: parts[2], line };
};

const assignment = ({ text, line }) => {
  const parts = /^([A-Za-z]|#) = (.+)$/.exec(text);
  if (parts === null) throw new Error(`line ${line}: expected a value such as "a = 1", found ${text}`);
  return { sign: parts[1], code: parts[2] };
};

/** Parses a fence. Throws if it is not one. */
export const parseFence = ({ code, line }) => {
  const paragraphs = [[]];
  for (const [index, text] of code.split('\n').entries()) {
    if (text.trim() === '') paragraphs.push([]);
    else paragraphs.at(-1).push({ text, line: line + index });
  }
  const [program, ...others] = paragraphs;
  const isValues = paragraph => paragraph.every(({ text }) => /^\S = /.test(text));
  const values = others.length > 1 && isValues(others.at(-1)) ? others.pop() : [];
  const expected = others.pop() ?? [];
  const [given = [], ...rest] = others;
  if (expected.length === 0 || rest.length > 0) {
    throw new Error(`line ${line}: expected code, given rows, expected rows, and perhaps values; empty lines between`);
  }
  return {
    line,
    code: program.map(({ text }) => text).join('\n'),
    given: given.map(row),
    expected: expected.map(row),
    values: values.map(assignment),
  };
};

const parse = code => babel.parseSync(code, { configFile: false, babelrc: false, sourceType: 'module' });

/** The names that some code takes from elsewhere, but for those of the language. */
export const freeNames = code => {
  let names = [];
  const collect = () => ({
    visitor: { Program: path => void (names = Object.keys(path.scope.globals)) },
  });
  babel.transformSync(code, { configFile: false, babelrc: false, sourceType: 'module', plugins: [collect] });
  return names.filter(name => !(name in globalThis));
};

const fromScope = code => `const { ${freeNames(code).join(', ')} } = scope;`;

/** The code with its last expression named `result`. */
export const withResult = code => {
  const last = parse(code).program.body.at(-1);
  if (last?.type !== 'ExpressionStatement') return `${code}\nconst result = undefined;`;
  const { start, end } = last.expression;
  return `${code.slice(0, start)}const result = ${code.slice(start, end)};`;
};

const PROBE_ROW = /^(\w+)\.(began|done|failed|cut|missed|dropped|skipped)$/;

/** How each expected row is looked at. */
export const lookOf = label => {
  const probe = PROBE_ROW.exec(label);
  if (probe !== null) return { kind: 'delivery', name: probe[1], fate: probe[2] };
  if (label === 'pause$') return { kind: 'pauses' };
  if (label.endsWith('.subscriptions')) return { kind: 'subscriptions' };
  return { kind: 'value' };
};

const root = new URL('../../', import.meta.url).pathname;

/** A fence as two tests: that it is true, and that each of its signs is compared. */
export const marbleTestOf = (fence, page) => {
  const { line, code, given, expected, values } = parseFence(fence);
  const program = withResult(code);
  const rows = expected.map(of => ({ ...of, ...lookOf(of.label) }));
  const looks = rows.flatMap(({ label, kind, name }) => {
    if (kind === 'pauses') return [];
    const seen = kind === 'delivery' ? name : label;
    return [`${JSON.stringify(seen)}: () => (${seen})`];
  });
  const broker = /\bbroker =/.test(code) ? 'broker' : 'undefined';
  const body = `${program}\nreturn { result, broker: ${broker}, looks: { ${[...new Set(looks)].join(', ')} } };`;
  const names = values.filter(({ sign }) => sign !== '#').map(value => `const ${value.sign} = ${value.code};`);
  const signs = values.map(({ sign, code: is }) => (sign === '#' ? `'#': ${is}` : sign));
  const letters = `${names.join('\n')}\nreturn { ${signs.join(', ')} };`;
  const wrapped = code => `(() => {\n${code}\n})();`;
  return `{
const fence = {
  place: ${JSON.stringify(`${page.replace(root, '')}:${line}`)},
  given: ${JSON.stringify(given)},
  expected: ${JSON.stringify(rows)},
  values: scope => { ${fromScope(wrapped(letters))}\n${letters}\n },
  program: scope => { ${fromScope(wrapped(body))}\n${body}\n },
};
test('line ${line}, marbles', () => runFence(fence));
test('line ${line}, marbles: each sign is compared', () => everySignCounts(fence));
}`;
};
