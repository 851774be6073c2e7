import type { Parked, ParkedFor } from '../../../flow/contract/Parking.js';
import { ParkedIndex } from '../../../flow/parking/ParkedIndex.js';
import type { CheckedCodec } from '../../../flow/parking/parkedCodec.js';
import type { ParkingStore } from '../../../flow/parking/ParkingStore.js';
import type { FileSystem } from '../buffer/fileSystem/FileSystem.js';
import type { ParkingLine } from '../format/parkingRecord.js';
import { ParkingJournal } from './ParkingJournal.js';

/** A change that waits to be written to the journal. */
interface Change {
  /** Returns the lines to write. Throws if the change is not possible. */
  plan(): readonly ParkingLine[];
  done(): void;
  failed(error: unknown): void;
}

/** The journal is rewritten when it exceeds twice its size after the last rewrite by this many bytes. */
const SLACK_BYTES = 1024 * 1024;

/**
 * Keeps parked events as text, in memory and in the journal.
 *
 *     add, remove ──► waiting ──► planned ──one write, one sync──► done
 *
 * FP1  One write is in flight at a time. Changes that arrive before it ends go into the next one (group commit).
 * FP2  An event enters the index before it is written, so that the bounds hold. If the write fails, the event is removed.
 * FP3  A removed event stays in the index until the line that removes it is synced.
 */
export class FileParkingStore<E> implements ParkingStore<E> {
  readonly key = this;
  readonly #files: FileSystem;
  readonly #directory: string;
  readonly #codec: CheckedCodec<E>;
  readonly #mostBytes: number;
  readonly #slackBytes: number;
  #index = new ParkedIndex<string>();
  #lastId = 0;
  #opened: { readonly journal: ParkingJournal; readonly unlock: () => Promise<void> } | undefined;
  #waiting: Change[] = [];
  #work: Promise<void> | undefined;

  constructor(
    files: FileSystem,
    directory: string,
    codec: CheckedCodec<E>,
    mostBytes: number,
    slackBytes = SLACK_BYTES,
  ) {
    this.#files = files;
    this.#directory = directory;
    this.#codec = codec;
    this.#mostBytes = mostBytes;
    this.#slackBytes = slackBytes;
  }

  async add(events: readonly E[], error: string, who: ParkedFor): Promise<void> {
    await this.#add(events, error, who, () => true);
  }

  addBehind(events: readonly E[], who: ParkedFor & { readonly key: string }): boolean | Promise<boolean> {
    if (this.#opened !== undefined && this.#waiting.length === 0 && !this.#index.has(who)) return false;
    return this.#add(events, undefined, who, () => this.#index.has(who));
  }

  async last(): Promise<string | undefined> {
    await this.#atRest();
    return this.#index.last();
  }

  async read(after: string | undefined, count: number): Promise<readonly Parked<E>[]> {
    await this.#atRest();
    return this.#index.read(after, count).map(({ id, subscriber, key, event, error, at }) => {
      const shownId = String(id);
      return { id: shownId, subscriber, key, event: this.#codec.decode(event, shownId), error, at };
    });
  }

  async remove(ids: readonly string[]): Promise<number> {
    let found: number[] = [];
    await this.#change({
      plan: () => {
        found = [...new Set(ids)].map(Number).filter(id => this.#index.hasId(id));
        return found.length === 0 ? [] : [['removed', ...found]];
      },
      done: () => {
        for (const id of found) this.#index.remove(id);
      },
      failed: () => undefined,
    });
    return found.length;
  }

  /** Releases the folder after all waiting changes have finished. The next call opens it again. */
  async close(): Promise<void> {
    while (this.#work !== undefined) await this.#work;
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened === undefined) return;
    try {
      await opened.journal.close();
    } finally {
      await opened.unlock();
    }
  }

  async #add(
    events: readonly E[],
    error: string | undefined,
    { subscriber, key, most }: ParkedFor,
    isDue: () => boolean,
  ): Promise<boolean> {
    const texts = events.map(event => this.#codec.encode(event));
    const bytes = texts.map(text => Buffer.byteLength(text));
    const added: number[] = [];
    await this.#change({
      plan: () => {
        if (!isDue()) return [];
        const sum = bytes.reduce((a, b) => a + b, 0);
        this.#index.checkRoom({ subscriber, key, most }, texts.length, sum, this.#mostBytes);
        const at = Date.now();
        return texts.map((event, i) => {
          const id = ++this.#lastId;
          added.push(id);
          this.#index.add({ id, subscriber, key, event, error, at, bytes: bytes[i]! });
          return ['parked', id, subscriber, key ?? null, at, error ?? null, event];
        });
      },
      done: () => undefined,
      failed: () => {
        for (const id of added) this.#index.remove(id);
      },
    });
    return added.length > 0;
  }

  #change(change: Change): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        plan: () => change.plan(),
        done: () => {
          change.done();
          resolve();
        },
        failed: error => {
          change.failed(error);
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as it came
          reject(error);
        },
      });
      this.#begin();
    });
  }

  /** Resolves when no change waits. Opens the folder if it is not open. */
  async #atRest(): Promise<void> {
    if (this.#opened === undefined)
      await this.#change({ plan: () => [], done: () => undefined, failed: () => undefined });
    while (this.#work !== undefined) await this.#work;
  }

  #begin(): void {
    this.#work ??= this.#run().finally(() => {
      this.#work = undefined;
      if (this.#waiting.length > 0) this.#begin();
    });
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      let planned: Change[] = [];
      try {
        const journal = await this.#journal();
        const lines: ParkingLine[] = [];
        for (const change of this.#waiting.splice(0)) {
          try {
            lines.push(...change.plan());
            planned.push(change);
          } catch (error) {
            change.failed(error);
          }
        }
        if (lines.length > 0) await journal.append(lines);
        for (const change of planned) change.done();
      } catch (error) {
        if (planned.length === 0) planned = this.#waiting.splice(0);
        for (const change of planned) change.failed(error);
      }
    }
  }

  /** The journal, opened and rewritten if necessary, so that lines can be appended. */
  async #journal(): Promise<ParkingJournal> {
    this.#opened ??= await this.#open();
    const { journal } = this.#opened;
    if (journal.isBroken || journal.bytes > 2 * journal.rewritten + this.#slackBytes)
      await journal.rewrite(this.#lines());
    return journal;
  }

  #lines(): readonly ParkingLine[] {
    const parked = Array.from(
      this.#index.values(),
      ({ id, subscriber, key, event, error, at }) =>
        ['parked', id, subscriber, key ?? null, at, error ?? null, event] as const,
    );
    return [['begin', this.#lastId], ...parked];
  }

  async #open(): Promise<{ readonly journal: ParkingJournal; readonly unlock: () => Promise<void> }> {
    const files = this.#files;
    await files.makeDirectory(this.#directory);
    const unlock = await files.lock(this.#directory);
    try {
      const index = new ParkedIndex<string>();
      let lastId = 0;
      const journal = await ParkingJournal.open(files, this.#directory, line => {
        lastId = Math.max(lastId, applied(line, index));
      });
      this.#index = index;
      this.#lastId = lastId;
      return { journal, unlock };
    } catch (error) {
      await unlock().catch(() => undefined);
      throw error;
    }
  }
}

/** Applies a line to the index. Returns the highest id that the line says has been assigned, or 0. */
const applied = (line: ParkingLine, index: ParkedIndex<string>): number => {
  switch (line[0]) {
    case 'begin':
      return line[1];
    case 'removed': {
      const [, ...ids] = line;
      for (const id of ids) index.remove(id);
      return 0;
    }
    default: {
      const [, id, subscriber, key, at, error, event] = line;
      const bytes = Buffer.byteLength(event);
      index.add({ id, subscriber, key: key ?? undefined, event, error: error ?? undefined, at, bytes });
      return id;
    }
  }
};
