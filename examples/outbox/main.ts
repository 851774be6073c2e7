import { PGlite } from '@electric-sql/pglite';
import { map } from 'rxjs';
import { eventBroker, type Pausable } from 'rx-event-broker';
import { outboxSource, type OutboxRow } from 'rx-event-broker/sql';

const TABLES = `
  create table orders (name text);
  create table outbox (
    id      bigint generated always as identity primary key,
    payload text   not null);`;

type Message = OutboxRow<'payload'> & { readonly type: 'Message' };

/**
 * An order and the message about it are stored in one transaction, so there is never one without the other. The message
 * is deleted when it has been sent. Look for: the second order is rolled back, and so is its message; the third message
 * fails the first time, and is sent after the restart.
 */
export const main = async (print: (line: string) => void): Promise<void> => {
  const db = await PGlite.create();
  await db.exec(TABLES);

  const order = (name: string, isValid = true) =>
    db.transaction(async tx => {
      await tx.query('insert into orders values ($1)', [name]);
      await tx.query('insert into outbox (payload) values ($1)', [`ordered: ${name}`]);
      if (!isValid) await tx.rollback();
    });
  await order('tea');
  await order('nothing', false);
  await order('cake');

  let failures = 1;
  const send = async (message: string | null): Promise<string> => {
    await Promise.resolve();
    if (message === 'ordered: cake' && failures-- > 0) throw new Error('the network is down');
    print(`sent ${String(message)}`);
    return String(message);
  };
  const waiting = async (): Promise<string> => {
    const { rows } = await db.query<{ count: string }>('select count(*)::text as count from outbox');
    return `${rows[0]!.count} in the outbox`;
  };
  /** Sends `count` messages, then drains, which waits until the sent messages are settled. */
  const run = async (count: number): Promise<void> => {
    let hasEnded = (): void => undefined;
    const released = new Promise<void>(resolve => (hasEnded = resolve));
    const notices = { next: ({ type }: { readonly type: string }) => type === 'Released' && hasEnded() };
    const outbox = outboxSource(db, { columns: ['payload'], notices });
    const messages: Pausable<Message> = (pause$, settlement) =>
      outbox(pause$, settlement).pipe(map(row => ({ ...row, type: 'Message' })));

    const broker = eventBroker<Message>();
    let left = count;
    broker.subscribe({
      required: true,
      next: async ({ payload }) => {
        await send(payload);
        if (--left === 0) void broker.drain();
      },
    });
    await broker
      .receive(messages)
      .forEach(() => undefined)
      .catch((error: unknown) => print(`failed: ${(error as Error).name}`));
    await released;
    print(await waiting());
  };

  print(await waiting());
  await run(2);
  print('after a restart');
  await run(1);
  await db.close();
};
