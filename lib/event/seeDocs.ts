/** Ends an error's message with the place where the docs say what it means and what to do. */
export const seeDocs = (name: string, message: string): string => `${message} (docs/errors.md#${name.toLowerCase()})`;
