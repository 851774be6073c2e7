// The names of files of records (promises R2, D3). This is the only place that prints and parses them; docs/formats.md has
// the grammar.

/** `live`: a file of the disk buffer. `archived`: a file of its archive. `other`: anything else. */
export type FileName =
  | { readonly kind: 'live'; readonly from: bigint; readonly to: bigint; readonly gzipped: boolean }
  | {
      readonly kind: 'archived';
      /** When it was archived, in Unix ns. */
      readonly time: bigint;
      readonly from: bigint;
      readonly to: bigint;
      readonly gzipped: boolean;
    }
  | { readonly kind: 'other' };

const NUMBER = '(0|[1-9]\\d{0,19})';
const live = new RegExp(`^datanode-buffer-${NUMBER}-${NUMBER}\\.bevt(\\.gz)?$`);
const DATE = '\\d{4}-\\d{2}-\\d{2}-\\d{2}-\\d{2}-\\d{2}';
const archived = new RegExp(`^datanode-buffer-${DATE}-${NUMBER}-seqnumspan-${NUMBER}-${NUMBER}(?:\\.bevt)?(\\.gz)?$`);

/** The numbers say what the file is planned to hold: the newest file usually ends before its `to`. */
export const printLiveName = (from: bigint | number, to: bigint | number): string =>
  `datanode-buffer-${from}-${to}.bevt`;

/** `time` in Unix ns. */
export const printArchivedName = (time: bigint, from: bigint | number, to: bigint | number): string => {
  const [day, clock] = new Date(Number(time / 1_000_000n)).toISOString().slice(0, 19).split('T') as [string, string];
  return `datanode-buffer-${day}-${clock.replaceAll(':', '-')}-${time}-seqnumspan-${from}-${to}.bevt`;
};

/** Parses a name without its folder. The date of an archived file is for people and is ignored; its Unix time counts. */
export const parseFileName = (name: string): FileName => {
  const asLive = live.exec(name);
  if (asLive !== null) return spanned({ kind: 'live', ...spanOf(asLive[1]!, asLive[2]!, asLive[3]) });
  const asArchived = archived.exec(name);
  if (asArchived === null) return { kind: 'other' };
  const [, time, from, to, gz] = asArchived;
  return spanned({ kind: 'archived', time: BigInt(time!), ...spanOf(from!, to!, gz) });
};

/** Whether a file in a folder of recordings may hold records: hidden files and locks do not. */
export const isRecordFile = (name: string): boolean => !name.startsWith('.') && !/(^|\.)lock$/i.test(name);

/** Sorts the oldest file first: archived files by time and numbers, then live files by numbers, others by name. */
export const byAge = (a: string, b: string): number => {
  const x = parseFileName(a);
  const y = parseFileName(b);
  if (x.kind === 'other' || y.kind === 'other') return compare(a, b);
  if (x.kind !== y.kind) return x.kind === 'archived' ? -1 : 1;
  const byTime = x.kind === 'archived' && y.kind === 'archived' ? compare(x.time, y.time) : 0;
  return byTime || compare(x.from, y.from) || compare(x.to, y.to) || compare(a, b);
};

const compare = <T extends bigint | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

const spanOf = (from: string, to: string, gz: string | undefined) => ({
  from: BigInt(from),
  to: BigInt(to),
  gzipped: gz !== undefined,
});

const spanned = (name: FileName & { readonly from: bigint; readonly to: bigint }): FileName =>
  name.from <= name.to ? name : { kind: 'other' };
