import type { InspectRecord } from 'rx-event-broker/inspect';

/** The counters of one subscriber, branch or operator. */
export interface Row {
  readonly of: string;
  readonly name: string;
  readonly required: boolean;
  offered: number;
  delivered: number;
  failed: number;
  dropped: number;
  skipped: number;
  pending: number;
}

/** The counters, as records tell them: offered = delivered + failed + dropped + skipped + pending. */
export class Tallies {
  readonly #rows = new Map<string, Row>();
  readonly #paused = new Map<string, boolean>();

  get rows(): readonly Row[] {
    return [...this.#rows.values()];
  }

  /** Whether the source of each broker and operator is paused. */
  get paused(): ReadonlyMap<string, boolean> {
    return this.#paused;
  }

  add(record: InspectRecord): void {
    const { kind, broker, subscriber, count = 1, backlog, paused } = record;
    this.#paused.set(broker, kind === 'closed' && subscriber === undefined ? false : paused);
    if (subscriber === undefined) return;
    const row = this.#rowOf(broker, subscriber);
    if (kind === 'offered' || kind === 'skipped') row.offered += count;
    if (kind === 'skipped') row.skipped += count;
    if (kind === 'ended') row.delivered += count;
    if (kind === 'failed') row.failed += count;
    if (kind === 'dropped' || kind === 'superseded') row.dropped += count;
    row.pending = kind === 'closed' ? 0 : (backlog ?? row.pending);
  }

  #rowOf(of: string, { key, name, required }: NonNullable<InspectRecord['subscriber']>): Row {
    const id = `${of}\n${key}`;
    const known = this.#rows.get(id);
    if (known !== undefined) return known;
    const none = { offered: 0, delivered: 0, failed: 0, dropped: 0, skipped: 0, pending: 0 };
    const row: Row = { of, name, required, ...none };
    this.#rows.set(id, row);
    return row;
  }
}
