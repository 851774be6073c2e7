/** Fails with a message that names the server. A password in its URL is left out. */
export const unreachable =
  (what: string, url: string) =>
  (cause: unknown): never => {
    const { message, code } = cause as { readonly message?: string; readonly code?: string };
    // an error of several addresses has a code and no message
    const why = message || code || 'no reason is given';
    throw new Error(`cannot use ${what} at ${withoutSecrets(url)}: ${why}`, { cause });
  };

const withoutSecrets = (url: string): string => url.replace(/\?.*$/, '').replace(/[^/,]*@/g, '');
