import { join } from 'node:path';

/** The arguments of `openDatabase` for a partition: PostgreSQL is for all of them, PGlite for one each. */
export const databaseOf = (
  url: string | undefined,
  directory: string,
  partition: number,
): readonly [url: string | undefined, directory: string] => [url, join(directory, `partition-${partition}`)];
