import { describe, test } from '@jest/globals';
import { defer, map } from 'rxjs';
import { fromPull } from '../../lib/flow/pull/fromPull.js';
import { fromPush, type PushEnd } from '../../lib/flow/push/fromPush.js';
import type { Pausable } from '../../lib/flow/contract/Pausable.js';
import { memoryParking } from '../../lib/flow/parking/memoryParking.js';
import { fanOut } from '../../lib/operators/fanOut.js';
import { bufferFiles } from '../../lib/source/disk/recordings/bufferFiles.js';
import { sourceContract, type SourceSupport } from 'rx-event-broker/testing';
import { folderOf } from './disk/folder.js';
import { recordsOf, textOf } from './disk/records.js';

const texts = ['a', 'b', 'c', 'd', 'e'];

/** A folder with two files of records. */
const recorded = (): string =>
  folderOf({ '0-2.bevt': recordsOf(texts.slice(0, 3)), '3-4.bevt': recordsOf(texts.slice(3), 3) });

/** Pushes all texts, without asking. */
const pushTexts = (push: (text: string) => void, { complete }: PushEnd) => {
  const timers = texts.map(text => setTimeout(() => push(text)));
  timers.push(setTimeout(complete));
  return () => timers.forEach(clearTimeout);
};

/** The replay of a parking with all texts. Each subscription has its own parking, because a replay removes what it emits. */
const replayOfParked: Pausable<string> = (pause$, settlement) =>
  defer(() => {
    const parking = memoryParking<string>();
    void parking.park(texts, new Error('no'), { subscriber: 'all', key: undefined, most: texts.length });
    return parking.replay()(pause$, settlement);
  });

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
  'I3a fromPush': { factory: () => fromPush<string>(pushTexts) },
  'I3e fromPush of what can wait': {
    factory: () => pause$ =>
      defer(() => {
        const left = [...texts];
        const timers = new Set<NodeJS.Timeout>();
        let go = (): void => undefined;
        const pusher = fromPush<string>(
          (push, { complete }) => {
            go = () => {
              const timer = setTimeout(() => {
                timers.delete(timer);
                const text = left.shift();
                if (text === undefined) {
                  complete();
                  return;
                }
                push(text);
                if (timers.size === 0 && !isWaiting) go();
              });
              timers.add(timer);
            };
            go();
            return () => timers.forEach(clearTimeout);
          },
          {
            capacity: 1,
            pause: () => (isWaiting = true),
            resume: () => {
              isWaiting = false;
              if (timers.size === 0) go();
            },
          },
        );
        let isWaiting = false;
        return pusher(pause$);
      }),
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
  'B22i the replay of a parking': { factory: () => replayOfParked },
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
