/** A file that lies beside the script of the element. */
export const fetchText = async (file: string): Promise<string> => (await fetch(new URL(file, import.meta.url))).text();

/** The same, asked for when it is first needed, and once. */
export const fetchOnce = (file: string): (() => Promise<string>) => {
  let text: Promise<string> | undefined;
  return () => (text ??= fetchText(file));
};
