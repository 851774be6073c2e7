/** What happened, in order, and a Promise of the moment when a condition on it holds: woken by each entry, no polling. */
export interface Recorder<T> {
  readonly seen: T[];
  readonly next: (value: T) => void;
  readonly until: (condition: (seen: readonly T[]) => boolean) => Promise<void>;
}

export const recorder = <T>(): Recorder<T> => {
  const seen: T[] = [];
  const waiting = new Set<() => void>();
  return {
    seen,
    next: value => {
      seen.push(value);
      for (const look of [...waiting]) look();
    },
    until: condition =>
      new Promise(resolve => {
        const look = () => {
          if (!condition(seen)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
};
