import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach } from '@jest/globals';

const ports: MessagePort[] = [];

/** Both ends of a channel, which are closed after the test. */
export const channel = (): readonly [MessagePort, MessagePort] => {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  return [port1, port2];
};

afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});
