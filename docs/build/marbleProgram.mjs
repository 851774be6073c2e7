// A ```marbles fence as a program of the playground: a marble test, as users write it.
import babel from '@babel/core';
import * as rxjs from 'rxjs';
import { freeNames, lookOf, parseFence, withResult } from '../../spec/docs/marbles.mjs';

const HELPERS = ['cold', 'hot', 'time', 'level', 'promised', 'requiredProbe', 'optionalProbe', 'pausableCold'];
const TESTING = ['eventOf'];
const LETTERS = /^[A-Za-z]$/;

const text = value => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const indented = (code, by = '  ') => code.replace(/^(?=.)/gm, by);

/** The letters of a row that stand for a value of their own. */
const signsIn = marbles => [...new Set(marbles.match(/[A-Za-z0-9]/g) ?? [])];

const importsOf = names => {
  const from = { rxjs: [], 'rx-event-broker': [], 'rx-event-broker/testing': ['runMarbles'] };
  for (const name of names) {
    if (HELPERS.includes(name) || ['takes', 't', 'z'].includes(name)) continue;
    const module = TESTING.includes(name) ? 'rx-event-broker/testing' : name in rxjs ? 'rxjs' : 'rx-event-broker';
    if (!from[module].includes(name)) from[module].push(name);
  }
  const lines = Object.entries(from)
    .filter(([, imported]) => imported.length > 0)
    .map(([module, imported]) => `import { ${imported.sort().join(', ')} } from '${module}';`);
  if (names.includes('t')) lines.unshift(`import * as t from 'io-ts';`);
  if (names.includes('z')) lines.unshift(`import * as z from 'zod';`);
  return lines.join('\n');
};

/** The program of a fence. */
export const marbleProgram = (fence, title) => {
  const { code, given, expected, values } = parseFence(fence);
  const own = values.filter(({ sign }) => sign !== '#');
  const error = values.find(({ sign }) => sign === '#');
  const rows = expected.map(row => ({ ...row, ...lookOf(row.label) }));
  const known = own.map(({ sign }) => sign);
  const signs = new Set(rows.flatMap(({ kind, marbles }) => (kind === 'value' ? signsIn(marbles) : [])));
  const digits = [...signs].filter(sign => /\d/.test(sign));
  // Values that are given are all that there are: a letter that stands for itself is one of them.
  const letters =
    known.length + digits.length === 0 ? [] : [...signs].filter(sign => !/\d/.test(sign) && !known.includes(sign));
  const names = [...known, ...letters.map(sign => `${sign}: '${sign}'`), ...digits.map(digit => `${digit}: ${digit}`)];

  const sources = given.map(({ label, marbles }) => {
    if (label.endsWith('$')) return `const ${label} = level(${text(marbles)});`;
    const name = label.replace(/\(pause\$\)$/, '');
    const helper = name === label ? 'cold' : 'pausableCold';
    return `const ${name} = ${helper}(${text(marbles)}${known.length > 0 ? ', values' : ''});`;
  });
  const body = withResult(code).replace(/\nconst result = undefined;$/, '');
  const hasResult = /\bconst result =/.test(body);
  const paused = given.find(({ label }) => label.endsWith('(pause$)'))?.label.replace('(pause$)', '');

  const used = new Set();
  const expect = (helper, call) => {
    used.add(helper);
    return call;
  };
  const withValues = names.length > 0 ? ', values' : '';
  const probes = new Map();
  const expectations = [];
  for (const { kind, label, marbles, name, fate } of rows) {
    if (kind === 'pauses') expectations.push(expect('expectPauses', `expectPauses(${paused}).toBe(${text(marbles)});`));
    else if (kind === 'subscriptions') {
      expectations.push(expect('expectSubscriptions', `expectSubscriptions(${label}).toBe(${text(marbles)});`));
    } else if (kind === 'delivery') probes.set(name, [...(probes.get(name) ?? []), `  ${fate}: ${text(marbles)},`]);
    else expectations.push(expectValue(label, marbles, withValues, error, expect));
  }
  for (const [name, lines] of probes) {
    const ofBroker = /\bbroker =/.test(code) ? ', broker' : '';
    expectations.push(
      expect('expectDeliveries', `expectDeliveries(${name}${ofBroker}).toBe({\n${lines.join('\n')}\n}${withValues});`),
    );
  }
  // What no row looks at must still run.
  if (hasResult && !rows.some(({ label }) => label === 'result')) {
    expectations.push(
      expect('expectObservable', `expectObservable(concat(result.pipe(ignoreElements()), NEVER)).toBe('');`),
    );
  }

  const ownValues = own.map(({ sign, code: value }) => `const ${sign} = ${value};`);
  const valuesLine = names.length > 0 ? [`const values = { ${names.join(', ')} };`] : [];
  const takes = /\btakes\(/.test(code)
    ? ['const takes = (ms: number) => <T>(value: T) => of(value).pipe(delay(ms));']
    : [];
  const inside = [...sources, '', body, '', ...expectations].join('\n').trim();
  const whole = [...takes, ...ownValues, ...valuesLine, inside].join('\n');
  const free = freeNames(babelless(whole)).filter(name => ![...HELPERS, 'values'].includes(name) && !used.has(name));
  const helpers = [...HELPERS.filter(name => new RegExp(`\\b${name}\\(`).test(inside)), ...used];
  const header = [
    title,
    '',
    'A marble test: it is over in an instant, and Step walks through its time.',
    'Change a sign, and press Play.',
  ];
  return `${header.map(line => `// ${line}`.trimEnd()).join('\n')}

${importsOf(free.filter(name => !LETTERS.test(name) || 'tz'.includes(name)))}

${[...takes, ...ownValues, ...valuesLine].join('\n')}
runMarbles(({ ${helpers.join(', ')} }) => {
${indented(inside)}
});
console.log('Each row is as expected.');
`.replace(/\n{3,}/g, '\n\n');
};

const expectValue = (label, marbles, values, error, expect) => {
  const isNumber = /[(.]/.test(label) || (/^[a-z]+$/.test(label) && label !== 'result');
  if (isNumber && !label.endsWith('$')) {
    return expect('expectValue', `expectValue(() => ${label}).toBe(${text(marbles)}${values});`);
  }
  if (error === undefined)
    return expect('expectObservable', `expectObservable(${label}).toBe(${text(marbles)}${values});`);
  const named = `${label}.pipe(catchError(error => throwError(() => error.name)))`;
  return expect(
    'expectObservable',
    `expectObservable(${named}).toBe(${text(marbles)}, ${values.slice(2) || '{}'}, ${error.code});`,
  );
};

/** The same without types, for a parser that knows none. */
const babelless = code =>
  babel.transformSync(code, {
    filename: 'program.ts',
    configFile: false,
    babelrc: false,
    presets: ['@babel/preset-typescript'],
  }).code;
