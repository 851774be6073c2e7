import { readFileSync, readlinkSync } from 'node:fs';
import { isAbsent } from '../../systemError.js';

/** The holder of a lock: a thread of a process. */
export interface Holder {
  readonly pid: number;
  /** The id of the thread, and its start: the id of the machine's boot, and clock ticks since then. Both need `/proc`. */
  readonly thread?: string;
  readonly began?: string;
}

/** This thread. */
export const thisThread = (): Holder => {
  const { pid } = process;
  const thread = new RegExp(`^${pid}/task/(\\d+)$`).exec(ifPresent(() => readlinkSync('/proc/thread-self')) ?? '')?.[1];
  const began = thread === undefined ? undefined : beganOf(pid, thread);
  return thread === undefined || began === undefined ? { pid } : { pid, thread, began };
};

/**
 * Whether a holder is still running. The system reuses the pids of ended processes, and a worker thread may end long before
 * its process. So a thread counts as the holder only if it also started at the same time. Without `/proc`, only the pid is
 * compared. A zombie holds no lock.
 */
export const isAlive = ({ pid, thread, began }: Holder): boolean => {
  if (!isProcess(pid)) return false;
  if (thread === undefined || began === undefined) return true;
  // A process that may not be inspected counts as the holder.
  if (statOf(`/proc/${pid}/stat`) === undefined) return isProcess(pid);
  const now = beganOf(pid, thread);
  return now !== undefined && (now === began || shortBegan(now) === began);
};

/** The start of a thread, with the id of the boot shortened to its first eight hex digits. */
export const shortBegan = (began: string): string => began.replace(/^([\da-f]{8})[\da-f-]* /, '$1 ');

const isProcess = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // this process may not signal it, so it exists
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
};

/** The start of a thread: the id of the machine's boot, and clock ticks since then. `undefined` if the thread has ended. */
const beganOf = (pid: number, thread: string): string | undefined => {
  const stat = statOf(`/proc/${pid}/task/${thread}/stat`);
  const [state, began] = stat === undefined ? [] : [stat[0], stat[19]];
  if (began === undefined || state === 'Z' || state === 'X') return undefined;
  return `${ifPresent(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')) ?? ''} ${began}`.replace('\n', '');
};

/** The fields of a `stat` file after the name. The name is in parentheses and may contain any character. */
const statOf = (path: string): readonly string[] | undefined => {
  const text = ifPresent(() => readFileSync(path, 'utf8'));
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
};

/** `undefined` if the file does not exist or may not be read. Other failures, such as too many open files, are thrown. */
const ifPresent = (read: () => string): string | undefined => {
  try {
    return read();
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
};
