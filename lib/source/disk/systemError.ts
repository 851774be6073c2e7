/** What the system says of a failed file operation, in a few words: its code, or else its message. */
export const systemError = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? error.message : `${code} (${error.message})`;
};
