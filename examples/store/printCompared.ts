import type { Screen } from '../terminal/dashboard.js';
import { lookOf } from '../terminal/look.js';
import type { Compared } from './compareTotals.js';

/** Prints a line for each kind of total, and one for each total that differs. Returns the exit code: 1 if any total differs. */
export const printCompared = (compared: readonly Compared[], out: Screen): number => {
  const { paint, fit } = lookOf(out);
  const kinds = [...new Set(compared.map(kindOf))];
  const width = Math.max(...kinds.map(({ length }) => length));
  const lines = kinds.flatMap(kind => {
    const totals = compared.filter(total => kindOf(total) === kind);
    if (totals.length === 1) return [lineOf(totals[0]!, width)];
    const wrong = totals.filter(differs);
    const equal = `${kind.padEnd(width)}  ${totals.length - wrong.length} of ${totals.length} totals equal`;
    return [equal, ...wrong.map(total => paint('red', lineOf(total, width)))];
  });
  const differing = compared.filter(differs).length;
  const verdict =
    differing === 0
      ? paint('green', 'All totals are equal.')
      : paint('red', `${differing} of ${compared.length} totals differ.`);
  out.write(`${[...lines, verdict].map(fit).join('\n')}\n`);
  return differing === 0 ? 0 : 1;
};

/** `volume` of `volume BTC/USD`. */
const kindOf = ({ what }: Compared): string => what.split(' ')[0]!;

const differs = ({ stored, simulated }: Compared): boolean => stored !== simulated;

const lineOf = (total: Compared, width: number): string =>
  `${total.what.padEnd(width)}  ${total.stored} by SQL ${differs(total) ? '≠' : '='} ${total.simulated} by the simulator`;
