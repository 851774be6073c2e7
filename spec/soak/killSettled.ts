import { spawn } from 'node:child_process';
import { checkOrder } from './killAtSteps.js';

export interface Killed {
  /** Messages that were given, each counted once. */
  readonly records: number;
  readonly repeats: number;
  /** Messages that had been given and not said to be settled when a process was killed, of all kills. */
  readonly unsettled: number;
  /** Messages that were said to be durable. */
  readonly durable: number;
}

/** Runs a process until it ends, or kills it when it has written that many lines. */
const runChild = (args: readonly string[], most: number): Promise<readonly (readonly string[])[]> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    let lines = 0;
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
      lines += data.filter(byte => byte === 10).length;
      if (lines >= most) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', () => {
      const whole = output.split('\n').slice(0, -1);
      const error = whole.find(line => line.startsWith('error'));
      if (error !== undefined) reject(new Error(error));
      else resolve(whole.map(line => line.split(' ')));
    });
  });

const subscribers = 3;
const isDropped = (text: string) => text.endsWith('5');
const syncs = ['"always"', '"never"', '{"everyMs":1}'];

/**
 * Kills one process after the other at random, each going on where the last one stopped, and lets a last one give the rest.
 *
 *     positions   . . . s . . d . . n     a run begins between s and d
 *     s  all before it were said to be settled: none of them may come again
 *     d  all before it were finished by every subscriber of one run: nothing from it on may be passed
 *
 * Throws where that is not so, where a message that was said to be durable is lost, or one is out of order.
 */
export const killSettled = async (
  child: string,
  directory: string,
  kills: number,
  random: () => number = Math.random,
): Promise<Killed> => {
  /** All messages that were ever given, in the order of the buffer. */
  const log: string[] = [];
  const finished = new Set<string>();
  const durable = new Set<string>();
  let settledTo = 0;
  let repeats = 0;
  let unsettled = 0;
  for (let run = 0; run <= kills; run++) {
    const sync = syncs[Math.floor(random() * syncs.length)]!;
    const args = [child, directory, `r${run}`, ...(run < kills ? [sync] : [])];
    const lines = await runChild(args, run < kills ? 1 + Math.floor(random() * 250) : Infinity);
    const texts = lines.filter(([what]) => what === 'given').map(([, text]) => text!);
    const finishedTo = log.findIndex(text => !finished.has(text));
    const known = texts.length === 0 ? -1 : log.indexOf(texts[0]!);
    const start = known === -1 ? log.length : known;
    if (texts.length > 0 && (start < settledTo || (finishedTo !== -1 && start > finishedTo)))
      throw new Error(`run ${run} begins at ${start}: settled to ${settledTo}, finished to ${finishedTo}`);
    if (run === kills && texts.length === 0 && finishedTo !== -1)
      throw new Error(`${log.length - finishedTo} given, not finished, and not given again`);
    texts.forEach((text, offset) => {
      const position = start + offset;
      if (position < log.length) repeats++;
      else log.push(text);
      if (log[position] !== text) throw new Error(`run ${run}: ${text} in the place of ${String(log[position])}`);
      if (isDropped(text)) finished.add(text);
    });
    const finishers = new Map<string, number>();
    for (const [what, text = ''] of lines) {
      if (what === 'durable') durable.add(text);
      else if (what === 'settled') settledTo = Math.max(settledTo, log.indexOf(text) + 1);
      else if (what === 'done') {
        const count = (finishers.get(text) ?? 0) + 1;
        finishers.set(text, count);
        if (count === subscribers) finished.add(text);
      }
    }
    const early = log.slice(0, settledTo).find(text => !finished.has(text));
    if (early !== undefined) throw new Error(`run ${run}: ${early} was settled, and not finished`);
    if (run < kills) unsettled += log.length - settledTo;
    else if (lines.at(-1)?.[0] !== 'complete') throw new Error(`the last run ended with ${String(lines.at(-1))}`);
  }
  const given = new Set(log);

  const lost = [...durable].filter(text => !given.has(text));
  if (lost.length > 0) throw new Error(`${lost.length} were durable, and lost: ${lost.join()}`);
  checkOrder(log);
  if (repeats > unsettled) throw new Error(`${repeats} repeats, ${unsettled} unsettled`);
  return { records: log.length, repeats, unsettled, durable: durable.size };
};
