import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { eventBroker } from 'rx-event-broker';
import { inspect, type InspectRecord } from 'rx-event-broker/inspect';
import { recordedIn, recordTo } from 'rx-event-broker/node';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'records-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  jest.restoreAllMocks();
});

const record = (n: number): InspectRecord => ({ n, at: n, kind: 'paused', broker: 'b', paused: true });
const read = (file: string): Promise<InspectRecord[]> => lastValueFrom(recordedIn(file).pipe(toArray()));

describe('Y2 recordTo and recordedIn', () => {
  test('Y2a an incident is written, and read back', async () => {
    const file = join(folder, 'incident.jsonl');
    const broker = eventBroker<{ readonly type: 'Price' }>();
    const records: InspectRecord[] = [];
    const to = recordTo(file);
    const stop = inspect(broker, to);
    inspect(broker, record => void records.push(record), { name: 'broker 1' });
    broker.subscribe({ required: true, name: 'ledger', next: () => undefined });
    broker.send({ type: 'Price' });
    stop();
    await to.written;

    const kinds = (await read(file)).map(({ kind }) => kind);
    expect(kinds).toEqual(['opened', 'subscribed', 'offered', 'began', 'ended', 'stopped']);
    const [opened, ...rest] = await read(file);
    expect(opened).toMatchObject({ n: 1, of: 'broker', format: 1 });
    expect(rest.slice(0, -1)).toEqual(records.slice(1, rest.length));
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(kinds.length + 1);
  });

  test('Y2a it appends to an existing file', async () => {
    const file = join(folder, 'incident.jsonl');
    for (const n of [1, 2]) {
      const to = recordTo(file);
      to.next(record(n));
      to.complete();
      to.complete();
      to.next(record(9));
      await to.written;
    }
    expect(await read(file)).toEqual([record(1), record(2)]);
  });

  test('Y2a after a line that was cut off, it begins on a new line', async () => {
    const file = join(folder, 'incident.jsonl');
    writeFileSync(file, '{"n":1,"at":');
    const to = recordTo(file);
    to.next(record(1));
    to.complete();
    await to.written;
    const [cut, whole, end] = readFileSync(file, 'utf8').split('\n');
    expect([cut, JSON.parse(whole!), end]).toEqual(['{"n":1,"at":', record(1), '']);
    await expect(read(file)).rejects.toThrow(/^line 1: expected a record as JSON/);
  });

  test('Y2b past its bound records are lost, and their number is reported', async () => {
    const file = join(folder, 'incident.jsonl');
    const to = recordTo(file, { maxWaitingBytes: 3 * 62 });
    for (let n = 1; n <= 10; n++) to.next(record(n));
    await new Promise(resolve => setImmediate(resolve));
    while (!existsSync(file) || readFileSync(file, 'utf8').split('\n').length < 5)
      await new Promise(resolve => setImmediate(resolve));
    to.next(record(11));
    to.complete();
    await to.written;
    const records = await read(file);
    const told = records.filter(({ kind }) => kind === 'lost');
    expect(told).toEqual([
      { n: 10, at: 10, kind: 'lost', broker: 'b', count: 10 - (records.length - 2), paused: true },
    ]);
    expect(records.at(-1)).toEqual(record(11));
  });

  test('Y2c a full disk is reported once, and the broker continues', async () => {
    const error = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const to = recordTo('/dev/full');
    const broker = eventBroker<{ readonly type: 'Price' }>();
    inspect(broker, to);
    const seen: unknown[] = [];
    broker.subscribe({ required: true, next: event => void seen.push(event) });
    broker.send({ type: 'Price' });
    await expect(to.written).rejects.toThrow(/ENOSPC/);
    broker.send({ type: 'Price' });
    await new Promise(resolve => setImmediate(resolve));
    expect(seen).toHaveLength(2);
    expect(error).toHaveBeenCalledTimes(1);
    expect(error.mock.calls[0]?.[0]).toBe('rx-event-broker: records cannot be written to /dev/full');
    broker.close();
  });

  test('Y2d a line that is not a record is an error with its number, after the records before it', async () => {
    const file = join(folder, 'incident.jsonl');
    writeFileSync(file, `${JSON.stringify(record(1))}\n${JSON.stringify({ ...record(2), at: 'noon' })}\n`);
    const seen: InspectRecord[] = [];
    const failure = await new Promise(resolve => {
      recordedIn(file).subscribe({ next: one => void seen.push(one), error: resolve });
    });
    expect(seen).toEqual([record(1)]);
    expect(String(failure)).toMatch(/^DecodeError: line 2, at: expected a number, found "noon"/);

    writeFileSync(file, `${JSON.stringify(record(1))}\n{"n":2,"at`);
    await expect(read(file)).rejects.toThrow(/^line 2: expected a record as JSON, found/);
    writeFileSync(file, `${JSON.stringify(record(1))}\n${'x'.repeat(1024 ** 2 + 70_000)}`);
    await expect(read(file)).rejects.toThrow(/^line 2: expected a line of at most 1 MiB/);
    await expect(firstValueFrom(recordedIn(join(folder, 'none')))).rejects.toThrow(/ENOENT/);
  });

  test('Y2 an invalid path is rejected', () => {
    expect(() => recordTo(3 as unknown as string)).toThrow('file: expected a string');
    expect(() => recordedIn(3 as unknown as string)).toThrow('file: expected a string');
  });
});
