/** Adds the method `key` to `value`. On a platform without that symbol, `key` is `undefined`, and nothing is added. */
export const disposable = <T extends object>(value: T, key: symbol | undefined, dispose: () => unknown): T =>
  key === undefined ? value : Object.defineProperty(value, key, { value: dispose });
