import { Subject } from 'rxjs';

/** What a call throws; `undefined` where it does not. */
export const thrownBy = (call: () => unknown): unknown => {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
};

/** A level by hand, and what a listener is told of it. */
export const level = () => {
  const level$ = new Subject<boolean>();
  const told: unknown[] = [];
  const tell = (what: unknown) => void told.push(what);
  return { level$, told, observer: { next: tell, error: tell } };
};
