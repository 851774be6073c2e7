import { describe, test } from '@jest/globals';
import { map } from 'rxjs';
import { fromPull } from '../../lib/flow/pull/fromPull.js';
import type { Pausable } from '../../lib/flow/contract/Pausable.js';
import { fanOut } from '../../lib/operators/fanOut.js';
import { bufferFiles } from '../../lib/source/disk/recordings/bufferFiles.js';
import { sourceContract, type SourceSupport } from 'rx-event-broker/testing';
import { folderOf } from './disk/folder.js';
import { recordsOf, textOf } from './disk/records.js';

const texts = ['a', 'b', 'c', 'd', 'e'];

/** A folder with two files of records. */
const recorded = (): string =>
  folderOf({ '0-2.bevt': recordsOf(texts.slice(0, 3)), '3-4.bevt': recordsOf(texts.slice(3), 3) });

/** All of our sources that can be paused, as sources of the same texts. */
const sources: Record<string, { readonly factory: () => Pausable<string>; readonly parallel?: boolean }> = {
  'B12 fromPull of an iterable': { factory: () => pause$ => fromPull(() => texts, { pause$ }) },
  'B12 fromPull of an async iterable': {
    factory: () => pause$ =>
      fromPull(
        async function* () {
          for (const text of texts) {
            await Promise.resolve();
            yield text;
          }
        },
        { pause$ },
      ),
  },
  'F3 fanOut to one branch': {
    factory: () => fanOut<string>(pause$ => fromPull(() => texts, { pause$ }), { expectedSubscribers: 1 }),
    // two at a time are one too many
    parallel: false,
  },
  'F3 fanOut to one branch with a buffer of one': {
    factory: () =>
      fanOut<string>(pause$ => fromPull(() => texts, { pause$ }), { expectedSubscribers: 1, bufferSize: 1 }),
    parallel: false,
  },
  'R4 bufferFiles': {
    factory: () => {
      const directory = recorded();
      return pause$ => bufferFiles({ directory, pause$ }).pipe(map(textOf));
    },
  },
};

for (const [name, { factory, ...more }] of Object.entries(sources)) {
  const supports: SourceSupport<string> = { values: texts, ...more };
  describe(name, () => {
    sourceContract({
      test: (clause, body) => {
        test(`${name.split(' ')[0] ?? ''} ${clause}`, body);
      },
      factory,
      supports,
    });
  });
}
