import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Routes, type Addressee } from '../../lib/broker/Routes.js';
import { a, b, still, type Letter } from './events.js';

test('B6r less than a quarter of the places of a route is empty, however many come and go, and the order stays', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constant('joins'), fc.nat(20)), { size: 'medium', maxLength: 60 }), steps => {
      const routes = new Routes<Letter>([]);
      const present: Addressee<Letter>[] = [];
      for (const step of steps) {
        if (step === 'joins') {
          const member = { named: new Set<string>(), all: true, routes: new Map() } as unknown as Addressee<Letter>;
          present.push(member);
          routes.add(member, () => undefined);
        } else for (const member of present.splice(step, 1)) routes.remove(member);
        routes.tidy();
        const { members, handlers } = routes.others;
        expect(present.map(member => members[member.routes.get(routes.others)!] === member)).not.toContain(false);
        const left = members.filter(member => member !== undefined);
        expect([left.length, left.every((member, i) => member === present[i])]).toEqual([present.length, true]);
        expect(handlers).toHaveLength(members.length);
        expect((members.length - present.length) * 4).toBeLessThan(Math.max(1, members.length));
      }
    }),
  );
});

test('B1 a type that is named by somebody new, or by nobody any more, while a place is empty', () => {
  const broker = still();
  const seen: string[] = [];
  const all = Array.from({ length: 6 }, (_, i) =>
    broker.subscribe({ required: true, next: ({ n }) => void seen.push(`${i} got ${n}`) }),
  );
  all[1]!.unsubscribe();
  const own = broker.subscribe({ required: true, types: ['A'], next: ({ n }) => void seen.push(`own ${n}`) });
  broker.send(a(1));
  expect(seen.splice(0)).toEqual([...[0, 2, 3, 4, 5].map(i => `${i} got 1`), 'own 1']);
  own.unsubscribe();
  broker.send(a(2));
  broker.send(b(3));
  expect(seen).toEqual([2, 3].flatMap(n => [0, 2, 3, 4, 5].map(i => `${i} got ${n}`)));
});
