import { shownError } from '../../event/shown.js';

/** Describes a failed file operation: the system's error code, if there is one, and the message. */
export const systemError = (error: unknown): string => {
  const message = (error as { readonly message?: unknown } | null)?.message;
  const code = systemCode(error);
  if (typeof message !== 'string') return shownError(error);
  return code === undefined || message.startsWith(code) ? message : `${code}, ${message}`;
};

/** The system's error code of a failed file operation, such as `ENOSPC`. */
export const systemCode = (error: unknown): string | undefined => {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
};

/** Whether the file does not exist, or this process may not see it. */
export const isAbsent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ESRCH', 'EACCES', 'EPERM', 'EINVAL'].includes(systemCode(error) ?? '');
