import { describe, expect, test } from '@jest/globals';
import { CompletionBarrier } from '../../lib/broker/CompletionBarrier.js';

/** The counts of a mailbox: that many were offered, and are done when the test says so. */
const counted = (offered: number) => ({
  offered,
  settled: 0,
  get pending() {
    return this.offered - this.settled;
  },
});

describe('B11b waiting for the events that were accepted so far', () => {
  test('nothing pending: immediately', () => {
    const done: string[] = [];
    new CompletionBarrier().whenDone([counted(0)], () => done.push('done'))();
    expect(done).toEqual(['done']);
  });

  test('waits for all mailboxes, in whatever order they finish, but not for later events', () => {
    const deliveries = new CompletionBarrier();
    const done: string[] = [];
    const [first, second, third] = [counted(2), counted(1), counted(1)];
    deliveries.whenDone([first, second, third], () => done.push('done'));
    second.settled = 1;
    deliveries.progressed();
    first.offered = 5;
    first.settled = 1;
    deliveries.progressed();
    expect(done).toEqual([]);
    first.settled = 2;
    third.settled = 1;
    deliveries.progressed();
    expect(done).toEqual(['done']);
    deliveries.progressed();
    expect(done).toEqual(['done']);
  });

  test('a waiter that has left is not called, and the others are', () => {
    const deliveries = new CompletionBarrier();
    const box = counted(1);
    const done: string[] = [];
    const [, leaveSecond] = ['first', 'second', 'third'].map(name => deliveries.whenDone([box], () => done.push(name)));
    leaveSecond?.();
    leaveSecond?.();
    box.settled = 1;
    deliveries.progressed();
    expect(done).toEqual(['first', 'third']);
  });

  test('the first waiter may leave', () => {
    const deliveries = new CompletionBarrier();
    const box = counted(1);
    const done: string[] = [];
    const [leaveFirst] = ['first', 'second'].map(name => deliveries.whenDone([box], () => done.push(name)));
    leaveFirst?.();
    box.settled = 1;
    deliveries.progressed();
    expect(done).toEqual(['second']);
  });

  test('a waiter that another one removes as it finishes is not called', () => {
    const deliveries = new CompletionBarrier();
    const box = counted(1);
    const done: string[] = [];
    deliveries.whenDone([box], () => leaveSecond());
    const leaveSecond = deliveries.whenDone([box], () => done.push('second'));
    box.settled = 1;
    deliveries.progressed();
    expect(done).toEqual([]);
  });
});
