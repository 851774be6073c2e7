/** A seeded source of numbers (mulberry32): the same seed gives the same numbers, on every machine. */
export interface Random {
  /** A whole number from 0 to `below` − 1. */
  int(below: number): number;
  /** True once in `n` times. */
  oneIn(n: number): boolean;
  /** 64 hexadecimal digits in lower case, as ids and hashes have. */
  hash(): string;
}

export const random = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const int = (below: number): number => next() % below;
  return {
    int,
    oneIn: n => int(n) === 0,
    hash() {
      let digits = '';
      for (let part = 0; part < 8; part++) digits += next().toString(16).padStart(8, '0');
      return digits;
    },
  };
};
