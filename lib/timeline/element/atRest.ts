/** Work that is done when nobody has asked for it for a while, or has asked for too long. */
export interface AtRest {
  ask(): void;
  cancel(): void;
}

/** `rest`: how long nobody must have asked; `most`: how long the first who asked waits at most. In ms. */
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
