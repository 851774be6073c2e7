/** What the system says of a failed file operation: its code, where it has one, and its words. */
export const systemError = (error: unknown): string => {
  const { code, message = String(error) } = error as { readonly code?: string; readonly message?: string };
  return code === undefined || message.startsWith(code) ? message : `${code}, ${message}`;
};
