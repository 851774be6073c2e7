/** A debounced call with a maximum delay. */
export interface AtRest {
  ask(): void;
  cancel(): void;
}

/** Calls `work` after `rest` ms without a request, and at most `most` ms after the first request. */
export const atRest = (work: () => void, rest: number, most: number): AtRest => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let first = 0;
  const cancel = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    ask: () => {
      const now = performance.now();
      if (timer === undefined) first = now;
      clearTimeout(timer);
      timer = setTimeout(
        () => {
          timer = undefined;
          work();
        },
        Math.max(0, Math.min(rest, first + most - now)),
      );
    },
    cancel,
  };
};
