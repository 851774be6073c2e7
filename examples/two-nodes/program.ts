import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { filter, map, type Observable, ReplaySubject, take } from 'rxjs';

/** How a process ended: by itself with a code, or by a signal. */
export type Ending = number | NodeJS.Signals;

/** A program that runs as a process of its own. */
export interface Program {
  /** The first match in its output, past or future. Rejects if the program ends before. */
  readonly says: <T>(find: (line: string) => T | null | undefined) => Promise<T>;
  /** The same for its stderr. */
  readonly complains: <T>(find: (line: string) => T | null | undefined) => Promise<T>;
  readonly kill: (signal: NodeJS.Signals) => Promise<Ending>;
  readonly ended: Promise<Ending>;
}

/**
 * Starts a TypeScript file, which ends with this program at the latest. It sees `environment`, and the variables of this process that
 * do not configure a data node.
 */
export const start = (
  file: string,
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Program => {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('RX_EVENT_BROKER_') && name !== 'DATABASE_URL',
  );
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(inherited), ...environment },
  });
  const lines$ = new ReplaySubject<string>(Infinity);
  let complaint = '';
  createInterface(child.stdout).on('line', line => lines$.next(line));
  const complaints$ = new ReplaySubject<string>(Infinity);
  createInterface(child.stderr).on('line', line => {
    complaint += `${line}\n`;
    complaints$.next(line);
  });
  const end = (): void => void child.kill('SIGKILL');
  process.prependOnceListener('exit', end); // before its folder is removed
  const ended = new Promise<Ending>(resolve =>
    child.on('close', (code, signal) => {
      process.off('exit', end);
      const how = signal ?? code ?? 0;
      for (const said$ of [lines$, complaints$]) said$.error(new Error(`${file}: ended with ${how}\n${complaint}`));
      resolve(how);
    }),
  );
  const firstFound =
    (said$: Observable<string>): Program['says'] =>
    find =>
      new Promise((resolve, reject) => {
        said$.pipe(map(find), filter(isThere), take(1)).subscribe({ next: resolve, error: reject });
      });
  return {
    says: firstFound(lines$),
    complains: firstFound(complaints$),
    kill: signal => {
      child.kill(signal);
      return ended;
    },
    ended,
  };
};

const isThere = <T>(found: T): found is NonNullable<T> => found !== null && found !== undefined;
