/**
 * Whether an error is only about the data of a row, so that the row would fail in any database at any time. Such a row may
 * be skipped. The class of PostgreSQL's SQLSTATE decides.
 *
 * ```text
 *   21  the rows contradict each other     54000, 54001  a value too large for an index, nested too deeply
 *   22  a value that its type rejects      P0            a trigger or a function that raises an error
 *   23  a constraint is broken             44            a view's check option is broken
 * ```
 * All other errors (disk full, timeouts, deadlocks, privileges, missing tables, a lost connection) say nothing about the
 * row. Neither does an error without a SQLSTATE: then a driver, a network or a program has failed.
 */
export const isBadRow = (error: unknown): boolean => {
  let cause = error;
  // An error that wraps a driver's error has it as `cause`.
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    if (typeof cause !== 'object' || cause === null) return false;
    const { name, code, cause: inner } = cause as Readonly<Record<'name' | 'code' | 'cause', unknown>>;
    // a value that this library rejects before the database sees it
    if (name === 'ColumnValueError') return true;
    if (typeof code === 'string' && SQLSTATE.test(code)) return BAD_ROW.test(code);
    cause = inner;
  }
  return false;
};

const MAX_DEPTH = 10;
const SQLSTATE = /^[0-9A-Z]{5}$/;
const BAD_ROW = /^(?:21|22|23|44|P0|54000$|54001$)/;
