import { execFileSync } from 'node:child_process';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ERRORS_PAGE, seeDocs } from '../../lib/event/seeDocs.js';
import { anchorsOf, linksOf, root, text, under } from './writtenPages.js';

/** What a user's `npm install` puts into node_modules/rx-event-broker. */
const packed = (
  JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' }),
  ) as readonly [{ readonly files: readonly { readonly path: string }[] }]
)[0].files.map(({ path }) => path);

const isAddress = (link: string): boolean => /^https?:/.test(link);

const manifest = JSON.parse(text('package.json')) as {
  readonly author: string;
  readonly homepage: string;
  readonly repository: { readonly url: string };
  readonly bugs: { readonly url: string };
};

describe('the installed package', () => {
  test('the link of every error opens its heading', () => {
    const names = under('lib', '.ts').flatMap(file =>
      [...text(file).matchAll(/seeDocs\(\s*'(\w+)'/g)].map(([, name = '']) => name),
    );
    expect(names).toContain('DecodeError');
    const dead = [...new Set(names)].filter(name => {
      const [, link = ''] = / \((\S+)\)$/.exec(seeDocs(name, 'message')) ?? [];
      const [page = '', anchor = ''] = link.split('#');
      if (isAddress(page)) return !anchorsOf('docs/errors.md').includes(anchor);
      const file = page.replace(/^node_modules\/rx-event-broker\//, '');
      return file === page || !packed.includes(file) || !anchorsOf(file).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  test.each(packed.filter(file => file.endsWith('.md')))('%s leads only to files of the package', page => {
    const dead = linksOf(page)
      .filter(link => !/^(https?|mailto):/.test(link))
      .filter(link => {
        const [path = ''] = link.split('#');
        return path !== '' && !packed.includes(normalize(join(dirname(page), path)));
      });
    expect(dead).toEqual([]);
  });

  test('package.json has the address of the project; errors that link to the web link there, too', () => {
    const { author, homepage, repository, bugs } = manifest;
    expect(author).not.toBe('');
    const place = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
    expect([homepage, place].filter(link => !isAddress(link))).toEqual([]);
    expect(bugs.url.startsWith(place)).toBe(true);
    if (isAddress(ERRORS_PAGE)) expect([homepage, place].some(link => ERRORS_PAGE.startsWith(link))).toBe(true);
  });
});
