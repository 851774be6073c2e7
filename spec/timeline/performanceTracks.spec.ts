import { PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks';
import { describe, expect, test } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { inspect } from 'rx-event-broker/inspect';
import { performanceTracks } from 'rx-event-broker/timeline';
import { eventBroker } from 'rx-event-broker';
import { recording } from './records.js';

type Measured = PerformanceEntry & { readonly detail?: unknown };

/** What the panel gets while `work` is done. */
const measured = async (work: () => Promise<void> | void): Promise<readonly Measured[]> => {
  const entries: Measured[] = [];
  const observer = new PerformanceObserver(list => entries.push(...list.getEntries()));
  observer.observe({ entryTypes: ['measure'] });
  await work();
  await new Promise(setImmediate);
  observer.disconnect();
  return entries;
};

describe('performanceTracks', () => {
  test('T3a, T3b a delivery is an entry of the track of its subscriber, as long as it lasted; nothing is kept', async () => {
    const now = Math.ceil(performance.timeOrigin) + 1000;
    const entries = await measured(() => {
      const { next } = performanceTracks();
      const { records, of } = recording();
      const bank = of(1, 'bank');
      bank(now, 'began', { event: 7, type: 'Price', backlog: 1 });
      bank(now + 40, 'retrying', { event: 7, type: 'Price', reason: 'Error: no network', backlog: 1 });
      bank(now + 90, 'ended', { event: 7, type: 'Price', backlog: 0 });
      bank(now + 95, 'dropped', { event: 8, type: 'Price', backlog: 0 });
      records.forEach(next);
    });
    expect(entries.map(({ name, duration }) => [name, Math.round(duration)])).toEqual([
      ['Price 7', 90],
      ['retrying: Price 7', 0],
      ['dropped: Price 8', 0],
    ]);
    expect(entries[0]!.detail).toEqual({
      devtools: {
        dataType: 'track-entry',
        track: 'bank',
        trackGroup: 'broker 1',
        color: 'primary',
        tooltipText: 'bank: Price 7',
        properties: [
          ['event', 'event 7, Price'],
          ['backlog', '0'],
        ],
      },
    });
    expect(performance.getEntriesByType('measure')).toEqual([]);
  });

  test('T3a deliveries of replayed events, which have no number, end in the order in which they began', async () => {
    const now = Math.ceil(performance.timeOrigin) + 1000;
    const entries = await measured(() => {
      const { next } = performanceTracks();
      const { records, of } = recording();
      const bank = of(1, 'bank');
      bank(now, 'began', { type: 'Price', backlog: 2 });
      bank(now + 10, 'began', { type: 'Halt', backlog: 2 });
      bank(now + 20, 'began', { type: 'Price', attempt: 2, backlog: 2 });
      bank(now + 40, 'ended', { type: 'Price', backlog: 1 });
      bank(now + 90, 'ended', { type: 'Halt', backlog: 0 });
      records.forEach(next);
    });
    expect(entries.map(({ name, duration }) => [name, Math.round(duration)])).toEqual([
      ['Price', 40],
      ['Halt', 80],
    ]);
  });

  test('T3c records of virtual time, and ends without a beginning, make no entries', async () => {
    const entries = await measured(() => {
      const { next } = performanceTracks();
      const { records, add, of } = recording();
      const bank = of(1, 'bank');
      bank(5, 'began', { event: 1, backlog: 1 });
      bank(6, 'ended', { event: 1, backlog: 0 });
      bank(Date.now(), 'ended', { event: 9, backlog: 0 });
      add(Date.now(), 'paused');
      records.forEach(next);
    });
    expect(entries).toEqual([]);
  });

  test('T3a a subscriber without a name has a track, too', async () => {
    const at = Math.ceil(performance.timeOrigin) + 1000;
    const entries = await measured(() => {
      const { records, of } = recording();
      of(3, '')(at, 'dropped', { event: 1, type: 'Price' });
      records.forEach(performanceTracks().next);
    });
    expect(entries.map(({ detail }) => detail)).toMatchObject([
      { devtools: { track: 'subscriber 3', tooltipText: 'subscriber 3: dropped: Price 1' } },
    ]);
  });

  test('T3a of a broker that is inspected', async () => {
    const entries = await measured(async () => {
      const broker = eventBroker<{ readonly type: 'Tick' }>();
      broker.subscribe({ name: 'clock', required: true, next: async () => {} });
      const stop = inspect(broker, performanceTracks());
      broker.send({ type: 'Tick' });
      await firstValueFrom(broker.drain());
      stop();
    });
    expect(entries.map(({ detail }) => (detail as { devtools: { track: string } }).devtools.track)).toEqual(['clock']);
  });
});
