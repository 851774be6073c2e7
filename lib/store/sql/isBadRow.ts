/**
 * Whether an error is about the data of a row alone, so that the same row would fail in any database at any time: then it
 * may be passed over. PostgreSQL says so by the class of its SQLSTATE.
 *
 * ```text
 *   21  the rows contradict each other     54000, 54001  a value too large for an index, nested too deeply
 *   22  a value that its type refuses      P0            a trigger or a function that raises an error
 *   23  a constraint is broken             44            a view's check option is broken
 * ```
 * What else there is (disk full, timeouts, deadlocks, privileges, tables that are not there, a lost connection) says nothing
 * about the row. Nor does an error without a SQLSTATE: a driver, a network or a program has failed.
 */
export const isBadRow = (error: unknown): boolean => {
  let cause = error;
  // what wraps a driver's error says so by `cause`
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    if (typeof cause !== 'object' || cause === null) return false;
    const { name, code, cause: inner } = cause as Readonly<Record<'name' | 'code' | 'cause', unknown>>;
    // a value that this library refuses before the database sees it
    if (name === 'ColumnValueError') return true;
    if (typeof code === 'string' && SQLSTATE.test(code)) return BAD_ROW.test(code);
    cause = inner;
  }
  return false;
};

const MAX_DEPTH = 10;
const SQLSTATE = /^[0-9A-Z]{5}$/;
const BAD_ROW = /^(?:21|22|23|44|P0|54000$|54001$)/;
