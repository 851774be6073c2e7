import { describe, expect, test } from '@jest/globals';
import { waitingRoom } from '../../../lib/source/socket/waitingRoom.js';

describe('waitingRoom', () => {
  const filled = (most: number, hosts: readonly string[]) => {
    const room = waitingRoom(most);
    const evicted: number[] = [];
    const leave = hosts.map((host, nr) => room.enter(host, () => evicted.push(nr)));
    return { evicted, leave, room };
  };

  test('N1d one connection too many replaces the oldest one of the machine that has most', () => {
    expect(filled(3, ['a', 'b', 'b', 'a']).evicted).toEqual([0]);
    expect(filled(3, ['a', 'b', 'b', 'c']).evicted).toEqual([1]);
    expect(filled(3, ['a', 'b', 'b', 'b', 'b', 'c']).evicted).toEqual([1, 2, 3]);
  });

  test('N1d a machine with many connections cannot displace that of another machine', () => {
    const { evicted } = filled(4, ['good', ...Array.from({ length: 1000 }, () => 'silent')]);
    expect(evicted.length).toBe(997);
    expect(evicted).not.toContain(0);
  });

  test('a connection that leaves makes room, and leaves once', () => {
    const { evicted, leave, room } = filled(2, ['a', 'a']);
    leave[0]!();
    leave[0]!();
    room.enter('a', () => evicted.push(2));
    expect(evicted).toEqual([]);
    room.enter('a', () => evicted.push(3));
    expect(evicted).toEqual([1]);
  });

  test('an evicted connection may leave at the same time', () => {
    const room = waitingRoom(1);
    const evicted: string[] = [];
    const leave = room.enter('a', () => {
      evicted.push('first');
      leave();
    });
    room.enter('a', () => evicted.push('second'));
    expect(evicted).toEqual(['first']);
    room.enter('a', () => evicted.push('third'));
    expect(evicted).toEqual(['first', 'second']);
  });
});
