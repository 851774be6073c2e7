/** Gives `value` the method `key` of the platform. An older platform has no such key: then there is none. */
export const disposable = <T extends object>(value: T, key: symbol | undefined, dispose: () => unknown): T =>
  key === undefined ? value : Object.defineProperty(value, key, { value: dispose });
