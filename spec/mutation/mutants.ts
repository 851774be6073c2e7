/** Where Stryker says which mutant is active, or which test runs, and reads what it covers. */
interface Stryker {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}
type Counts = Record<number, number>;

/** So many steps of one test are endless. The longest takes 72 million. */
const MOST = 100_000_000;

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
  /** Steps that are left to the test. */
  left: stryker.activeMutant === undefined ? 0 : MOST,

  /** A test begins. */
  begin(): void {
    mutants.left = mutants.active < 0 ? 0 : MOST;
  },
  hit(): true {
    if (stryker.hitCount !== undefined && ++stryker.hitCount > (stryker.hitLimit ?? 0))
      throw new Error(`Stryker: Hit count limit reached (${stryker.hitCount})`);
    return true;
  },
  /** No steps are left. Without a mutant, that is from the start, to count which tests reach which. */
  cover(...ids: readonly number[]): void {
    if (mutants.active >= 0) throw new Error(`it takes more than ${MOST} steps`);
    mutants.left = 0;
    for (const id of ids) {
      if (counts[id] === 0) covered.push(id);
      counts[id] = counts[id]! + 1;
    }
  },
};

Object.defineProperties(stryker, {
  activeMutant: {
    configurable: true,
    get: () => (mutants.active < 0 ? undefined : String(mutants.active)),
    set: (id: string | undefined) => {
      mutants.active = Number(id ?? -1);
      mutants.begin();
    },
  },
  currentTestId: {
    configurable: true,
    get: () => test,
    set: (id: string | undefined) => {
      flush();
      test = id;
    },
  },
  mutantCoverage: {
    configurable: true,
    get: () => {
      flush();
      return coverage;
    },
  },
});
