// A jest transform: a page becomes a suite, each of its ```ts blocks a test in a function of its own, in which `await`
// is allowed and `console.log(x) // expected` is an assertion; each of its ```marbles fences a test too.
import babel from '@babel/core';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { marbleFences, tsBlocks } from './blocks.mjs';
import { marbleTestOf } from './marbles.mjs';

/** Turns each `console.log(x) // expected` into `__log(line, x)`, and notes what is expected of the line in `logs`. */
const assertions =
  (firstLine, comments, logs) =>
  ({ types: t }) => ({
    visitor: {
      CallExpression(path) {
        if (!path.get('callee').matchesPattern('console.log')) return;
        const { end, loc } = path.node;
        const line = firstLine + loc.end.line - 1;
        const comment = comments.find(
          c => c.type === 'CommentLine' && c.loc.start.line === loc.end.line && c.start >= end,
        );
        if (comment === undefined) throw new Error(`line ${line}: console.log without its // expected output`);
        if (logs.has(line)) throw new Error(`line ${line}: one console.log a line`);
        logs.set(line, comment.value.trim());
        path.replaceWith(t.callExpression(t.identifier('__log'), [t.numericLiteral(line), ...path.node.arguments]));
      },
    },
  });

const testOf = (block, page) => {
  const options = { filename: `${page}.${block.line}.ts`, configFile: false, babelrc: false, sourceType: 'module' };
  const { comments } = babel.parseSync(block.code, { ...options, presets: ['@babel/preset-typescript'] });
  const logs = new Map();
  const { code } = babel.transformSync(block.code, {
    ...options,
    presets: [['@babel/preset-typescript', { onlyRemoveTypeImports: true }]],
    plugins: [assertions(block.line, comments, logs), '@babel/plugin-transform-modules-commonjs'],
  });
  return `test('line ${block.line}', () => runBlock(async __log => {\n${code}\n}, new Map(${JSON.stringify([...logs])})));`;
};

const makers = ['blocks.mjs', 'marbles.mjs', 'markdown.mjs'].map(file => readFileSync(new URL(file, import.meta.url)));

export default {
  // A page's tests change with the page, and with the code that makes them.
  getCacheKey: (markdown, page) =>
    [...makers, markdown, page]
      .reduce((hash, part) => hash.update(part).update('\0'), createHash('sha256'))
      .digest('hex'),
  process(markdown, page) {
    const tests = tsBlocks(markdown)
      .filter(({ info }) => info === '')
      .map(block => testOf(block, page));
    const drawings = marbleFences(markdown).map(fence => marbleTestOf(fence, page));
    return {
      code: `const { test } = require('@jest/globals');
const { runBlock } = require(${JSON.stringify(new URL('runBlock.ts', import.meta.url).pathname)});
const { everySignCounts, runFence } = require(${JSON.stringify(new URL('runFence.ts', import.meta.url).pathname)});
${[...tests, ...drawings].join('\n')}`,
    };
  },
};
