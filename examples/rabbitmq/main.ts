// Orders from RabbitMQ, each acknowledged when it has been processed. The worker process is killed in the middle, and restarted.
// Look at the last line: an order may be done twice, but none is lost.
import { fileURLToPath } from 'node:url';
import { connect } from 'amqplib';
import { start } from '../two-nodes/program.js';

const ORDERS = 200;
const KILLED_AFTER = [50, 120];
const worker = fileURLToPath(new URL('worker.ts', import.meta.url));

export const main = async (print: (line: string) => void, url: string): Promise<void> => {
  const connection = await connect(url);
  const channel = await connection.createConfirmChannel();
  const queue = `rx-event-broker-${process.pid}-${Date.now()}`;
  await channel.assertQueue(queue, { durable: true, expires: 60_000 });
  try {
    for (let id = 1; id <= ORDERS; id++) channel.sendToQueue(queue, Buffer.from(String(id)), { persistent: true });
    await channel.waitForConfirms();

    const done: number[] = [];
    for (const count of [...KILLED_AFTER, ORDERS]) {
      const program = start(worker, [url, queue]);
      const said: number[] = [];
      const collect = (line: string): true | undefined => {
        said.push(Number(/^done (\d+)$/.exec(line)?.[1]));
        return new Set([...done, ...said]).size >= count || undefined;
      };
      await program.says(collect);
      print(`${count} of ${ORDERS} are done; the worker is killed: ${await program.kill('SIGKILL')}`);
      said.length = 0;
      // everything that it printed until it died
      await program.says(line => (collect(line), undefined)).catch(() => done.push(...said));
    }
    const lost = Array.from({ length: ORDERS }, (_, n) => n + 1).filter(id => !done.includes(id));
    print(`${ORDERS} orders: ${lost.length} lost, ${done.length - new Set(done).size} done again`);
  } finally {
    await channel.deleteQueue(queue);
    await connection.close();
  }
};
