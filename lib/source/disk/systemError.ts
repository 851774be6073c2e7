import { shownError } from '../../event/shown.js';

/** What the system says of a failed file operation: its code, where it has one, and its words. */
export const systemError = (error: unknown): string => {
  const message = (error as { readonly message?: unknown } | null)?.message;
  const code = systemCode(error);
  if (typeof message !== 'string') return shownError(error);
  return code === undefined || message.startsWith(code) ? message : `${code}, ${message}`;
};

/** The code of a failed file operation, such as `ENOSPC`. */
export const systemCode = (error: unknown): string | undefined => {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
};

/** There is no such file, or none that this process may see. */
export const isAbsent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ESRCH', 'EACCES', 'EPERM', 'EINVAL'].includes(systemCode(error) ?? '');
