// A process of clients: `fork`ed by manyClients.ts, so that what they hold is not counted with the server.
import { Agent, get } from 'node:http';
import { WebSocket } from 'ws';

interface Orders {
  readonly port: number;
  readonly clients: number;
  readonly stalled: number;
  readonly over: 'sse' | 'ws';
}

const counts: { received: number; missed: number; disorder: number; isOver: boolean }[] = [];
const resumes: (() => void)[] = [];
let opened = 0;

const counting = () => {
  const count = { received: 0, missed: 0, disorder: 0, isOver: false };
  let last = 0;
  counts.push(count);
  return (type: string, data: string): void => {
    if (type === 'missed') count.missed += (JSON.parse(data) as { count: number }).count;
    else if (type === 'End') {
      count.isOver = true;
      if (counts.every(({ isOver }) => isOver)) process.send!({ counts });
    } else {
      count.received++;
      const n = Number(/"n":(\d+)/.exec(data.slice(0, 60))![1]);
      if (n <= last) count.disorder++;
      last = n;
    }
  };
};

const agent = new Agent({ keepAlive: false, maxSockets: Infinity });

const openSse = (port: number, isStalled: boolean, isOpen: () => void): void => {
  const take = counting();
  get({ port, host: '127.0.0.1', path: isStalled ? '/stalled' : '/', agent }, response => {
    let rest = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      rest += chunk;
      const end = rest.lastIndexOf('\n\n');
      if (end < 0) return;
      for (const block of rest.slice(0, end).split('\n\n')) {
        const [, type, data] = /^event: (\w+)\ndata: (.*)$/m.exec(block) ?? [];
        if (type !== undefined) take(type, data!);
      }
      rest = rest.slice(end + 2);
    });
    response.on('error', () => undefined);
    if (isStalled) {
      response.pause();
      resumes.push(() => response.resume());
    }
    isOpen();
  });
};

const openWs = (port: number, isStalled: boolean, isOpen: () => void): void => {
  const take = counting();
  const socket = new WebSocket(`ws://127.0.0.1:${port}${isStalled ? '/stalled' : '/'}`);
  socket.on('message', (message: Buffer) => {
    const text = message.toString();
    take(/"type":"(\w+)"/.exec(text.slice(0, 40))![1]!, text);
  });
  socket.on('error', () => undefined);
  socket.on('open', () => {
    if (isStalled) {
      socket.pause();
      resumes.push(() => socket.resume());
    }
    isOpen();
  });
};

process.on('message', (message: Orders | 'resume') => {
  if (message === 'resume') {
    for (const resume of resumes) resume();
    return;
  }
  const { port, clients, stalled, over } = message;
  const open = over === 'sse' ? openSse : openWs;
  const next = (): void => {
    if (opened === clients) {
      process.send!('open');
      return;
    }
    const isStalled = opened < stalled;
    opened++;
    open(port, isStalled, next);
  };
  next();
});
