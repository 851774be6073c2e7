import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RingBuffer } from '../../lib/flow/RingBuffer.js';

type Step = { readonly push: number } | { readonly replace: number } | 'shift' | 'pop' | 'clear';

describe('RingBuffer', () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ push: fc.integer() }) },
      { weight: 4, arbitrary: fc.constant<Step>('shift') },
      { weight: 2, arbitrary: fc.constant<Step>('pop') },
      { weight: 1, arbitrary: fc.record({ replace: fc.integer() }) },
      { weight: 1, arbitrary: fc.constant<Step>('clear') },
    ),
    { maxLength: 200 },
  );

  test('is an array that is pushed, shifted and popped', () => {
    fc.assert(
      fc.property(steps, (all: readonly Step[]) => {
        const ring = new RingBuffer<number>();
        let plain: number[] = [];
        for (const step of all) {
          if (step === 'shift') expect(ring.shift()).toBe(plain.shift());
          else if (step === 'pop') expect(ring.pop()).toBe(plain.pop());
          else if (step === 'clear') {
            ring.clear();
            plain = [];
          } else if ('push' in step) {
            ring.push(step.push);
            plain.push(step.push);
          } else if (plain.length > 0) {
            ring.replaceFirst(step.replace);
            plain[0] = step.replace;
          }
          expect(ring.length).toBe(plain.length);
          expect(Array.from({ length: plain.length + 1 }, (_, i) => ring.at(i))).toEqual([...plain, undefined]);
        }
      }),
    );
  });

  test('keeps its order when it grows with its head in the middle', () => {
    const ring = new RingBuffer<number>();
    for (let i = 0; i < 10; i++) ring.push(i);
    for (let i = 0; i < 10; i++) expect(ring.shift()).toBe(i);
    for (let i = 0; i < 5000; i++) ring.push(i);
    for (let i = 0; i < 5000; i++) expect(ring.shift()).toBe(i);
    expect(ring.shift()).toBeUndefined();
    ring.push(7);
    expect([ring.length, ring.at(0)]).toEqual([1, 7]);
  });

  test('has nothing after its last element, even when it is full', () => {
    const buffer = new RingBuffer<number>();
    for (let n = 0; n < 40; n++) {
      expect(buffer.at(n)).toBeUndefined();
      buffer.push(n);
      expect(buffer.at(n)).toBe(n);
    }
  });
});
