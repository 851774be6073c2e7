/** Events for specs: `type` says who gets it, `n` which one it is. */
export interface Tick {
  readonly type: 'A' | 'B' | 'C';
  readonly n: number;
}

export const a = (n: number): Tick => ({ type: 'A', n });
export const b = (n: number): Tick => ({ type: 'B', n });
export const c = (n: number): Tick => ({ type: 'C', n });
