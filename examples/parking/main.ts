// One of several payments fails for good: it is parked in a folder, and later ones of its account are parked after it.
// Look at Bob and Cid: they do not wait. Look at the restart: the account still waits, until it is replayed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backpressure, eventBroker, lanes, ofType, park } from 'rx-event-broker';
import { fileParking } from 'rx-event-broker/node';

type Payment = { readonly type: 'Payment'; readonly account: string; readonly cents: number };

const payment = (account: string, cents: number): Payment => ({ type: 'Payment', account, cents });

export const main = async (print: (line: string) => void): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'failed-payments-'));
  const closed = new Set(['Ann']);
  const pay = async ({ account, cents }: Payment): Promise<void> => {
    if (closed.has(account)) throw new Error(`${account} is closed`);
    print(`paid: ${account} ${cents}`);
  };

  /** What the program does from its start until it ends. */
  const run = async (payments: readonly Payment[]): Promise<void> => {
    const failed = fileParking<Payment>(folder);
    const broker = eventBroker<Payment>();
    broker.notices$.pipe(ofType('Parked')).subscribe(({ events, isBehind }) => {
      for (const { account, cents } of events) print(`${isBehind ? 'parked behind' : 'parked'}: ${account} ${cents}`);
    });
    broker.subscribe({
      name: 'bank',
      required: true,
      retry: 1,
      lanes: lanes({ concurrency: 2, by: (event: Payment) => event.account }),
      onFailure: park(failed),
      next: pay,
    });
    for (const each of payments) broker.send(each);
    await broker.drain().forEach(() => undefined);
    await failed.close();
  };

  await run([payment('Ann', 100), payment('Bob', 200), payment('Ann', 300)]);
  print('restarted');
  closed.clear();
  await run([payment('Ann', 400), payment('Cid', 500)]);

  const failed = fileParking<Payment>(folder);
  print('replay');
  await backpressure(failed.replay(), { required: true, project: pay }).forEach(() => undefined);
  print(`left: ${(await failed.list()).length}`);
  await failed.close();
  rmSync(folder, { recursive: true });
};
