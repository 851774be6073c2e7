import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Patience } from './patience.js';

/** A line of an owner: what it says, the partition and the height or epoch, and the rest. */
export interface Said {
  readonly what: string;
  readonly partition: number;
  readonly at: number;
  readonly rest: string;
}

export interface OwnerProcess {
  readonly name: string;
  readonly partitions: ReadonlySet<number>;
  /** The last step at which it has stopped itself. */
  stoppedAt(): string | undefined;
  /** Its last lines, for the error of a test that fails. */
  recent(): string;
  /** Resolves with the first line from now on for which it is true. Rejects when the process ends, or is silent for too long. */
  says(awaited: string, isIt: (said: Said) => boolean): Promise<Said>;
  /** It begins, or goes on; at this step it stops itself. */
  arm(step?: string): void;
  thaw(): void;
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>;
}

/** As many of its last lines are kept, apart from blocks that it has stored. */
const RECENT = 40;
/** How often it is looked whether a wait is over, in ms. */
const LOOK = 1000;

const saidIn = (line: string): Said => {
  const [what = '', partition, at, ...rest] = line.split(' ');
  return { what, partition: Number(partition), at: Number(at), rest: rest.join(' ') };
};

export const startOwner = (
  program: string,
  [natsUrl, databaseUrl, name, leaseFor]: readonly [string, string, string, number],
  heard: (said: Said, owner: string) => void,
  patience: Patience,
): OwnerProcess => {
  const child = spawn(process.execPath, [program, natsUrl, databaseUrl, name, String(leaseFor)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const listeners = new Set<(said: Said | undefined) => void>();
  const partitions = new Set<number>();
  const recent: string[] = [];
  let step: string | undefined;
  const begun = Date.now();
  let [rest, stderr] = ['', ''];
  child.stdin.on('error', () => undefined);
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  child.stdout.on('data', (data: Buffer) => {
    const lines = (rest + data.toString()).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const said = saidIn(line);
      const isStored = said.what === 'stored';
      // of many blocks in a row only the last one
      if (isStored && recent.at(-1)?.includes(' stored ')) recent.pop();
      if (recent.push(`${Date.now() - begun} ms ${line}`) > RECENT) recent.shift();
      if (said.what === 'took') partitions.add(said.partition);
      else if (said.what === 'left') partitions.delete(said.partition);
      else if (said.what === 'at') step = said.rest;
      heard(said, name);
      for (const listener of listeners) listener(said);
    }
  });
  const inWords = (): string => `${recent.join(', ')} ${stderr}`;
  void ended.then(() => {
    for (const listener of listeners) listener(undefined);
  });

  return {
    name,
    partitions,
    stoppedAt: () => step,
    recent: inWords,
    says: (awaited, isIt) =>
      new Promise((resolve, reject) => {
        const end = (): void => {
          clearInterval(timer);
          listeners.delete(listener);
        };
        const listener = (said: Said | undefined): void => {
          if (said !== undefined && !isIt(said)) return;
          end();
          if (said !== undefined) resolve(said);
          else reject(new Error(`${name} has ended: ${child.exitCode ?? child.signalCode}, after ${inWords()}`));
        };
        const wait = patience.begin();
        const timer = setInterval(() => {
          if (!wait.isOver()) return;
          end();
          reject(new Error(`${name}: expected "${awaited}" within ${wait.inWords()}, found ${inWords()}`));
        }, LOOK);
        listeners.add(listener);
        if (child.exitCode !== null || child.signalCode !== null) listener(undefined);
      }),
    arm: (step = '') => child.stdin.write(`${step}\n`),
    thaw: () => void child.kill('SIGCONT'),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};
