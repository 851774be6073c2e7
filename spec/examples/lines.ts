/** What an example printed. */
export const lines = (): { readonly print: (line: string) => void; readonly printed: readonly string[] } => {
  const printed: string[] = [];
  return { print: line => printed.push(line), printed };
};
