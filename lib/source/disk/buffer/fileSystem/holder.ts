import { readFileSync, readlinkSync } from 'node:fs';
import { isAbsent } from '../../systemError.js';

/** Who has a lock: a thread of a process, as the system knows them. */
export interface Holder {
  readonly pid: number;
  /** The thread's number, and when it began, counted from which start of the machine; both only where there is a `/proc`. */
  readonly thread?: string;
  readonly began?: string;
}

/** This thread. */
export const thisThread = (): Holder => {
  const { pid } = process;
  const thread = new RegExp(`^${pid}/task/(\\d+)$`).exec(said(() => readlinkSync('/proc/thread-self')) ?? '')?.[1];
  const began = thread === undefined ? undefined : beganOf(pid, thread);
  return thread === undefined || began === undefined ? { pid } : { pid, thread, began };
};

/**
 * Whether a holder still runs. A pid is given to another process when its own has ended, and a worker thread ends long before its
 * process: where the system tells, it is the same thread only if it began at the same time. A zombie holds nothing.
 */
export const isAlive = ({ pid, thread, began }: Holder): boolean => {
  if (!isProcess(pid)) return false;
  if (thread === undefined || began === undefined) return true;
  // One that is there and may not be looked at counts as the holder.
  if (statOf(`/proc/${pid}/stat`) === undefined) return isProcess(pid);
  return beganOf(pid, thread) === began;
};

const isProcess = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // not allowed to signal it: so it is there
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
};

/** When a thread began, in ticks since the machine did; nothing where it has ended. */
const beganOf = (pid: number, thread: string): string | undefined => {
  const stat = statOf(`/proc/${pid}/task/${thread}/stat`);
  const [state, began] = stat === undefined ? [] : [stat[0], stat[19]];
  if (began === undefined || state === 'Z' || state === 'X') return undefined;
  return `${said(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')) ?? ''} ${began}`.replace('\n', '');
};

/** What stands behind the name, which is in brackets and may hold anything. */
const statOf = (path: string): readonly string[] | undefined => {
  const text = said(() => readFileSync(path, 'utf8'));
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
};

/** Nothing where the system does not tell; what else fails (no descriptors are left) is no answer. */
const said = (read: () => string): string | undefined => {
  try {
    return read();
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
};
