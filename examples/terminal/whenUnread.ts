/** The exit code of a program that ended because its output was closed. */
const UNREAD = 141;

/**
 * Ends the program quietly when its output is no longer read, as in `npm run demo | head -3`; or does something else, once.
 * Otherwise that would be an error, which ends the program with a stack trace.
 */
export const whenUnread = (out: NodeJS.WriteStream, act: () => void = () => process.exit(UNREAD)): void => {
  let told = false;
  out.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (!told) act();
    told = true;
  });
};
