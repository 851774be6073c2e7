/** A script or a list of the playground did not come. */
class LoadError extends Error {
  override readonly name = 'LoadError';
}

/** A file that lies beside the script of the element. Rejects with an error for the visitor. */
export const fetchText = async (file: string): Promise<string> => {
  const answer = await fetch(new URL(file, import.meta.url)).catch(() => undefined);
  if (answer?.ok !== true) {
    throw new LoadError(
      `A part of the playground could not be loaded: ${file}${answer ? `, status ${answer.status}` : ''}.`,
    );
  }
  return answer.text();
};

/** The same, asked for when it is first needed, and once; again only if that failed. */
export const fetchOnce = (file: string): (() => Promise<string>) => {
  let text: Promise<string> | undefined;
  const forget = (): void => {
    text = undefined;
  };
  return () => {
    if (text === undefined) {
      text = fetchText(file);
      text.catch(forget);
    }
    return text;
  };
};
