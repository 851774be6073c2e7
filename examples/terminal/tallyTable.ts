import type { SubscriberSnapshot, Tally } from 'rx-event-broker';

const counts = ['offered', 'delivered', 'failed', 'dropped', 'skipped', 'pending'] as const;

export const tableHead = ['subscriber', 'kind    ', ...counts.map(name => name.padStart(9)), 'saturated'].join('  ');

/** One subscriber, in the columns of `tableHead`. */
export const tableRow = ({ name, required, saturated, ...tally }: SubscriberSnapshot): string =>
  [
    name.padEnd('subscriber'.length),
    required ? 'required' : 'optional',
    ...counts.map(count => tally[count].toLocaleString('en').padStart(9)),
    saturated ? 'yes' : 'no',
  ].join('  ');

/** What every subscriber is promised, at every instant. */
export const balances = ({ offered, delivered, failed, dropped, skipped, pending }: Tally): boolean =>
  offered === delivered + failed + dropped + skipped + pending;

/** The same as a line to read: `chart: 10 offered = 4 delivered + 0 failed + …`. */
export const balanceLine = (row: Tally & { readonly name: string }): string => {
  const [offered, ...rest] = counts.map(count => `${row[count].toLocaleString('en')} ${count}`);
  return `${row.name}: ${offered ?? ''} ${balances(row) ? '=' : '≠'} ${rest.join(' + ')}`;
};
