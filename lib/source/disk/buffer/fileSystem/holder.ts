import { readFileSync, readlinkSync } from 'node:fs';
import { isAbsent } from '../../systemError.js';

/** The holder of a lock: a thread of a process. */
export interface Holder {
  readonly pid: number;
  /** The number of the thread, and its start: which boot of the machine, and when after it. Both need a `/proc`. */
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
 * Whether a holder still runs. The system reuses the pids of processes that have ended, and a worker thread may end long before
 * its process. So a thread counts as the same only if it started at the same time, where a `/proc` says so. A zombie holds
 * nothing.
 */
export const isAlive = ({ pid, thread, began }: Holder): boolean => {
  if (!isProcess(pid)) return false;
  if (thread === undefined || began === undefined) return true;
  // A process that may not be inspected counts as the holder.
  if (statOf(`/proc/${pid}/stat`) === undefined) return isProcess(pid);
  const now = beganOf(pid, thread);
  return now !== undefined && (now === began || shortBegan(now) === began);
};

/** The start of a thread with the first part of the boot's id, in hexadecimal. */
export const shortBegan = (began: string): string => began.replace(/^([\da-f]{8})[\da-f-]* /, '$1 ');

const isProcess = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // not allowed to signal it, so it exists
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
};

/** When a thread started: the boot of the machine, and ticks after it; `undefined` if it has ended. */
const beganOf = (pid: number, thread: string): string | undefined => {
  const stat = statOf(`/proc/${pid}/task/${thread}/stat`);
  const [state, began] = stat === undefined ? [] : [stat[0], stat[19]];
  if (began === undefined || state === 'Z' || state === 'X') return undefined;
  return `${ifPresent(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')) ?? ''} ${began}`.replace('\n', '');
};

/** The fields after the name, which is in brackets and may contain anything. */
const statOf = (path: string): readonly string[] | undefined => {
  const text = ifPresent(() => readFileSync(path, 'utf8'));
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
};

/** `undefined` if the file does not exist. Other failures, such as too many open files, are thrown. */
const ifPresent = (read: () => string): string | undefined => {
  try {
    return read();
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
};
