import type { Screen } from '../terminal/dashboard.js';
import type { Compared } from './compareTotals.js';

/** Prints a line for each total; gives the exit code: 1 where some differ. */
export const printCompared = (compared: readonly Compared[], out: Screen): number => {
  const differing = compared.filter(({ stored, simulated }) => stored !== simulated);
  const width = Math.max(...compared.map(({ what }) => what.length));
  for (const { what, stored, simulated } of compared) {
    const equal = stored === simulated ? '=' : '≠';
    out.write(`${what.padEnd(width)}  ${stored.padStart(16)} by SQL ${equal} ${simulated} by the simulator\n`);
  }
  out.write(differing.length === 0 ? 'All totals are equal.\n' : `${String(differing.length)} totals differ.\n`);
  return differing.length === 0 ? 0 : 1;
};
