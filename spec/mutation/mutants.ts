/** Where Stryker says which mutant is active, or which test runs, and reads what it covers. */
interface Stryker {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}
type Counts = Record<number, number>;

const globals = globalThis as { __stryker__?: Stryker };
const stryker = (globals.__stryker__ ??= {});

let test = stryker.currentTestId;
const coverage = { static: {} as Counts, perTest: {} as Record<string, Counts> };
const counts = new Uint32Array(1 << 16);
const covered: number[] = [];
/** What was covered since the last call belongs to the test that ran. */
const flush = (): void => {
  const all = test === undefined ? coverage.static : (coverage.perTest[test] ??= {});
  for (const id of covered.splice(0)) {
    all[id] = (all[id] ?? 0) + counts[id]!;
    counts[id] = 0;
  }
};

/** What instrumented code asks at each step: numbers, and one object for all files. */
export const mutants = {
  active: Number(stryker.activeMutant ?? -1),
  /** Without a mutant, it counts which tests reach which. */
  covers: stryker.activeMutant === undefined,

  hit(): true {
    if (stryker.hitCount !== undefined && ++stryker.hitCount > (stryker.hitLimit ?? 0))
      throw new Error(`Stryker: Hit count limit reached (${stryker.hitCount})`);
    return true;
  },
  cover(...ids: readonly number[]): void {
    for (const id of ids) if (counts[id]++ === 0) covered.push(id);
  },
};

Object.defineProperties(stryker, {
  activeMutant: {
    get: () => (mutants.covers ? undefined : String(mutants.active)),
    set: (id: string | undefined) => {
      mutants.active = Number(id ?? -1);
      mutants.covers = id === undefined;
    },
  },
  currentTestId: {
    get: () => test,
    set: (id: string | undefined) => {
      flush();
      test = id;
    },
  },
  mutantCoverage: {
    get: () => {
      flush();
      return coverage;
    },
  },
});
