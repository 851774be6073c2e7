import { Subscription, type SchedulerLike } from 'rxjs';
import { shownError } from '../../event/shown.js';
import { after, elapsed } from '../../flow/clock.js';
import type { Notify } from '../../flow/reporter.js';
import { agreeOnPartitions } from './agreeOnPartitions.js';
import type { KeyValue } from '../KeyValue.js';
import { leaseRound, withoutMember } from './leaseRound.js';
import { LeaseStore } from './LeaseStore.js';
import type { LeaseTable } from './LeaseTable.js';
import { livenessOf } from './livenessOf.js';
import { MemberIds } from './MemberIds.js';
import { PartitionWork } from './PartitionWork.js';

export interface MemberSettings {
  readonly kv: KeyValue;
  readonly name: string;
  readonly group: string;
  readonly partitions: number;
  readonly owner: string;
  readonly leaseFor: number;
  readonly scheduler: SchedulerLike;
  readonly notify: Notify;
  /** This member now owns a partition, so its work must start. */
  readonly acquired: (work: PartitionWork) => void;
  readonly failed: (error: unknown) => void;
  /** The member was asked to end, and has released everything. */
  readonly ended: () => void;
}

/** How often the release at the end is tried. If all tries fail, the leases expire. */
const RELEASE_TRIES = 5;

/**
 * One of the processes that share partitions. It renews its leases five times in `leaseFor`, with one change of the lease
 * table each time.
 *
 * PM1  If no renewal succeeds for three quarters of `leaseFor`, the work of this member is unsubscribed. This time begins
 *      before the last renewal is sent. Other members wait for the full `leaseFor` after they have seen that renewal.
 * PM2  After that the member gets a new id. So all partitions that it takes have a new epoch.
 */
export class PartitionMember {
  readonly #settings: MemberSettings;
  readonly #store: LeaseStore;
  readonly #liveness;
  readonly #works = new Map<number, PartitionWork>();
  readonly #ids: MemberIds;
  #beat = 0;
  #sleep = new Subscription();
  #expiry = new Subscription();
  readonly #state = { isAwake: false, isEnding: false, isOver: false, isWaiting: false };

  constructor(settings: MemberSettings) {
    this.#settings = settings;
    this.#store = new LeaseStore(settings.kv, `${settings.name}.${settings.group}`, settings.partitions);
    this.#liveness = livenessOf(settings.leaseFor);
    this.#ids = new MemberIds(settings.owner);
    void this.#run();
  }

  /** Asks all work to stop. */
  end(): void {
    this.#state.isEnding = true;
    for (const work of this.#works.values()) work.leave();
    this.wake();
  }

  /** Unsubscribes all work, and releases the partitions. */
  leave(): void {
    this.#state.isOver = true;
    this.#expiry.unsubscribe();
    for (const work of this.#works.values()) work.cut();
    this.wake();
  }

  /** Starts the next round immediately, because something has changed. */
  wake(): void {
    this.#state.isAwake = true;
    this.#sleep.unsubscribe();
  }

  async #run(): Promise<void> {
    const { kv, name, partitions, leaseFor, failed, ended } = this.#settings;
    let hasAgreed = false;
    while (!this.#isDone()) {
      try {
        if (!hasAgreed) await agreeOnPartitions(kv, name, partitions);
        hasAgreed = true;
        if (!this.#state.isOver) await this.#round();
        this.#state.isWaiting = false;
        if (!this.#isDone()) await this.#pause(leaseFor / 5);
      } catch (error) {
        if (isFinal(error)) {
          failed(error);
          break;
        }
        if (!isConflict(error)) this.#waiting(`the bucket of partitions: ${shownError(error)}`);
        await this.#pause(isConflict(error) ? 5 + Math.random() * 20 : leaseFor / 10);
      }
    }
    if (hasAgreed) await this.#release();
    this.#expiry.unsubscribe();
    if (!this.#state.isOver) ended();
  }

  #isDone(): boolean {
    return this.#state.isOver || (this.#state.isEnding && [...this.#works.values()].every(work => work.hasLeft));
  }

  async #round(): Promise<void> {
    const { scheduler, leaseFor } = this.#settings;
    const begun = elapsed(scheduler);
    const me = this.#ids.current;
    const table = await this.#store.change(found => {
      const now = elapsed(scheduler);
      this.#liveness.saw(found.members, now);
      const ended = [...this.#works.values()].filter(work => work.hasLeft).map(({ index }) => index);
      return leaseRound(found, {
        me,
        beat: ++this.#beat,
        isAlive: member => !this.#ids.isFormer(member) && this.#liveness.isAlive(member, now),
        ended: new Set(ended),
        isEnding: this.#state.isEnding,
      });
    });
    // the member may have lost its leases or left during the request
    if (me !== this.#ids.current || this.#state.isOver) return;
    this.#ids.written();
    const left = begun + leaseFor * 0.75 - elapsed(scheduler);
    if (left <= 0) {
      this.#lose();
      return;
    }
    this.#expiry.unsubscribe();
    this.#expiry = after(scheduler, left, () => this.#lose());
    this.#follow(table);
  }

  /** Starts and stops work so that it matches the table. */
  #follow({ leases }: LeaseTable): void {
    for (const [index, work] of [...this.#works]) {
      const { owner, epoch } = leases[index]!;
      if (owner === this.#ids.current && epoch === work.epoch) continue;
      this.#works.delete(index);
      work.cut();
      if (work.hasLeft) this.#settings.notify({ type: 'Released', what: this.#what(index) });
      else this.#lost(work);
    }
    leases.forEach(({ owner, epoch }, index) => {
      if (owner !== this.#ids.current || this.#works.has(index) || this.#state.isOver) return;
      const work = new PartitionWork(index, epoch);
      this.#works.set(index, work);
      this.#settings.notify({ type: 'Acquired', what: this.#what(index), partition: index, epoch });
      this.#settings.acquired(work);
      if (this.#state.isEnding) work.leave();
    });
    leases.forEach(({ owner, leaving }, index) => {
      const work = this.#works.get(index);
      if (owner !== this.#ids.current || !leaving || work === undefined || work.isLeaving) return;
      this.#settings.notify({ type: 'Waiting', what: `${this.#what(index)}: its work is asked to stop` });
      work.leave();
    });
  }

  /** The renewal is too late, so other members may take the partitions. */
  #lose(): void {
    this.#ids.lost();
    const works = [...this.#works.values()];
    this.#works.clear();
    for (const work of works) {
      work.cut();
      this.#lost(work);
    }
  }

  #lost({ index, epoch }: PartitionWork): void {
    this.#settings.notify({ type: 'Lost', what: this.#what(index), partition: index, epoch });
  }

  async #release(): Promise<void> {
    const works = [...this.#works.values()];
    for (let tries = 0; tries < RELEASE_TRIES; tries++) {
      try {
        await this.#store.change(table => this.#ids.all.reduce(withoutMember, table));
        for (const { index } of works) this.#settings.notify({ type: 'Released', what: this.#what(index) });
        return;
      } catch {
        await new Promise<void>(resolve => after(this.#settings.scheduler, 20, resolve));
      }
    }
  }

  #what(index: number): string {
    return `partition ${index} of ${this.#settings.name}`;
  }

  /** Reports `Waiting` once for each outage. */
  #waiting(what: string): void {
    if (this.#state.isWaiting) return;
    this.#state.isWaiting = true;
    this.#settings.notify({ type: 'Waiting', what });
  }

  async #pause(ms: number): Promise<void> {
    if (!this.#state.isAwake) {
      await new Promise<void>(resolve => {
        this.#sleep = after(this.#settings.scheduler, ms, resolve);
        this.#sleep.add(resolve);
      });
    }
    this.#state.isAwake = false;
  }
}

const isFinal = (error: unknown): boolean =>
  (error as Error).name === 'PartitionsError' || (error as Error).name === 'LeaseTableError';

/** Another member changed the table first: JetStream's codes for a wrong last revision. */
const isConflict = (error: unknown): boolean => {
  const { code } = Object(error) as { readonly code?: unknown };
  return code === 10_071 || code === 10_164;
};
