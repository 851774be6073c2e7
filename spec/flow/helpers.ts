import { Subject } from 'rxjs';

/** What a call throws, or `undefined` if it does not. */
export const thrownBy = (call: () => unknown): unknown => {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
};

/** A level that the test sets, and what a listener gets. */
export const level = () => {
  const level$ = new Subject<boolean>();
  const told: unknown[] = [];
  const tell = (what: unknown) => void told.push(what);
  return { level$, told, observer: { next: tell, error: tell } };
};
