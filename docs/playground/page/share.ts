import { linkOf, LinkError, type Shared } from './link.js';

/** Puts a link to the program into the address bar and the clipboard. Returns what is to be said of it. */
export const share = async (shared: Shared): Promise<string> => {
  try {
    const link = await linkOf(shared);
    history.replaceState(history.state, '', `#${link}`);
    return await navigator.clipboard.writeText(location.href).then(
      () => 'The link is copied. It holds the program; nothing was sent.',
      () => 'The link is in the address bar. It holds the program; nothing was sent.',
    );
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    return error.message;
  }
};
