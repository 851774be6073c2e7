import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';

/** Where a process is killed; writes also in the middle. */
export const killSteps: readonly string[] = [
  ...['bevt', 'sums', 'cursor'].flatMap(kind => ['before', 'in', 'after'].map(when => `${when} write ${kind}`)),
  ...[
    'sync bevt',
    'sync sums',
    'sync cursor',
    'sync folder',
    'create bevt',
    'create sums',
    'rename bevt',
    'remove sums',
  ].flatMap(name => [`before ${name}`, `after ${name}`]),
];

/** Builds a child into a folder; gives its path. */
export const buildChild = (folder: string, name = 'killedChild'): string => {
  const outfile = join(folder, `${name}.cjs`);
  buildSync({ entryPoints: [`spec/soak/${name}.ts`], bundle: true, platform: 'node', format: 'cjs', outfile });
  return outfile;
};

/** What a child reported; positions are counted from the first message that it was given. */
interface Report {
  readonly given: readonly string[];
  readonly promised: number;
  readonly asked: number;
  readonly acknowledged: number;
  readonly end: string;
}

const runChild = (child: string, args: readonly string[]): Promise<Report> =>
  new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, [child, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const given: string[] = [];
    const last: Record<string, number> = {};
    let end = '';
    createInterface(process_.stdout).on('line', line => {
      const space = line.indexOf(' ');
      const [word, rest] = space === -1 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
      if (word === 'given') given.push(rest);
      else if (word === 'at' || word === 'complete' || word === 'error') {
        end = line;
        if (word === 'at') process_.kill('SIGKILL');
      } else last[word] = Math.max(last[word] ?? 0, Number(rest));
    });
    process_.on('error', reject);
    process_.on('close', () => {
      const { promised = 0, asked = 0, acknowledged = 0 } = last;
      resolve({ given, promised, asked, acknowledged, end });
    });
  });

/**
 * Kills one process after the other at these steps, each going on where the last one stopped, and lets a last one give the
 * rest. Throws where a promised record is lost, one is given again that was acknowledged, or one is wrong.
 */
export const killAtSteps = async (
  child: string,
  directory: string,
  steps: readonly { readonly step: string; readonly count: number }[],
): Promise<{ readonly records: number; readonly repeats: number }> => {
  /** All messages that were ever given, in the order of the buffer. */
  const log: string[] = [];
  let acknowledged = 0;
  let asked = 0;
  let promised = 0;
  let repeats = 0;
  const runs = [...steps, undefined];
  for (const [run, at] of runs.entries()) {
    const args = [directory, `r${run}`, ...(at === undefined ? [] : [at.step, String(at.count)])];
    const report = await runChild(child, args);
    const where = `run ${run}, killed ${at === undefined ? 'never' : `${at.step} (${at.count})`}`;
    const expected = at === undefined ? 'complete' : `at ${at.step}`;
    if (report.end !== expected) throw new Error(`${where}: expected ${expected}, found ${report.end}`);

    const [first] = report.given;
    const known = first === undefined ? -1 : log.indexOf(first);
    const start = known !== -1 ? known : log.length;
    if (first !== undefined && (start < acknowledged || start > Math.max(asked, log.length)))
      throw new Error(`${where}: begins at ${start}, acknowledged to ${acknowledged}, asked to ${asked}`);
    if (first !== undefined && known === -1 && asked < log.length)
      throw new Error(`${where}: ${log.length - asked} given, not acknowledged, and not given again`);
    report.given.forEach((text, offset) => {
      const position = start + offset;
      if (position < log.length) repeats++;
      else log.push(text);
      if (log[position] !== text) throw new Error(`${where}: ${text} in the place of ${String(log[position])}`);
    });
    if (first === undefined) continue;
    acknowledged = Math.max(acknowledged, start + report.acknowledged);
    asked = Math.max(acknowledged, start + report.asked);
    promised = Math.max(promised, start + report.promised);
  }
  if (log.length < promised) throw new Error(`${promised} promised, ${log.length} given in the end`);
  checkOrder(log);
  return { records: log.length, repeats };
};

/** Of each run, its messages from the first on, none missing between them. */
export const checkOrder = (log: readonly string[]): void => {
  const last = new Map<string, number>();
  for (const text of log) {
    const [run = '', at] = text.split(':');
    if (Number(at) !== (last.get(run) ?? 0) + 1) throw new Error(`${text} behind ${run}:${last.get(run) ?? 0}`);
    last.set(run, Number(at));
  }
};
