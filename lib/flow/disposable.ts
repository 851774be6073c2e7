/** Adds the method `key` of the platform to `value`. An older platform has no such key: then it adds nothing. */
export const disposable = <T extends object>(value: T, key: symbol | undefined, dispose: () => unknown): T =>
  key === undefined ? value : Object.defineProperty(value, key, { value: dispose });
