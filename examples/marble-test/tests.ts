// Marble tests need no special test runner, because each throws an ordinary error. In jest, vitest and node:test, use
// for (const [name, body] of Object.entries(tests)) test(name, body).
import { runMarbles } from 'rx-event-broker/testing';
import { type Tick, ticker } from './ticker.js';

const tick = (n: number): Tick => ({ type: 'Tick', n });
const ticks = { a: tick(1), b: tick(2), c: tick(3), d: tick(4), e: tick(5) };

export const tests: Readonly<Record<string, () => void>> = {
  'a slow store loses nothing: its source is paused': () => {
    runMarbles(({ pausableCold, level, expectObservable, expectPauses }) => {
      const source = pausableCold('abc|', ticks);
      const { stored$, sent$ } = ticker(source, level('f'));
      expectObservable(stored$).toBe('---a--b--c', ticks);
      expectObservable(sent$).toBe('  ---------(n|)', { n: 3 });
      expectPauses(source).toBe('     -t-ft-f');
    });
  },

  'a slow page shows the latest tick, and none that arrived while it was hidden': () => {
    runMarbles(({ cold, level, expectObservable }) => {
      const source = cold('                 a-b-c----d---e|', ticks);
      const { shown$, sent$ } = ticker(source, level('--------t--f'));
      expectObservable(shown$).toBe('       -----a----c-------e', ticks);
      expectObservable(sent$).toBe('        --------------(n|)', { n: 5 });
    });
  },

  'a plugin knows what it missed, and slows nothing down': () => {
    runMarbles(({ cold, level, optionalProbe, expectDeliveries, expectObservable }) => {
      const { broker, stored$, sent$ } = ticker(cold('a--b--c--d|', ticks), level('f'));
      const plugin = optionalProbe('-------|', { capacity: 1 });
      broker.subscribe(plugin);
      expectObservable(stored$).toBe('---a--b--c--d', ticks);
      expectObservable(sent$).toBe('  ------------(n|)', { n: 4 });
      expectDeliveries(plugin, broker).toBe(
        {
          began: '  a------b------d',
          done: '   -------a------b------d',
          missed: ' --------------1',
          dropped: '------1',
        },
        ticks,
      );
    });
  },
};

/** A wrong diagram: the store takes three milliseconds, not two. */
export const wrong = (): void => {
  runMarbles(({ cold, level, expectObservable }) => {
    const { stored$, sent$ } = ticker(cold('a---b|', ticks), level('f'));
    expectObservable(stored$).toBe('--a---b', ticks);
    expectObservable(sent$).toBe('  -------(n|)', { n: 2 });
  });
};
