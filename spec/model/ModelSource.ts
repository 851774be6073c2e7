import type { ModelLanes } from './ModelLanes.js';
import type { ModelMember } from './ModelMember.js';
import type { Sent } from './World.js';

export type AnyMember = ModelMember | ModelLanes;

/** The source that the broker receives, and what of it is settled: looked at anew each time, one event after the other. */
export class ModelSource {
  isOpen = false;
  readonly #members: () => readonly AnyMember[];
  /** What it has emitted, in order, and whether that has reached everybody. */
  readonly #emitted: { readonly event: Sent; isDispatched: boolean }[] = [];
  /** What was pending at the first read, and how much had been emitted: that is settled together. */
  #before: { readonly pending: ReadonlySet<Sent>; readonly count: number } | undefined;
  #run: { settled: number; isRead: boolean; hasEnded: boolean } | undefined;

  constructor(members: () => readonly AnyMember[]) {
    this.#members = members;
  }

  open(): void {
    this.isOpen = true;
    this.#run = { settled: 0, isRead: false, hasEnded: false };
  }

  read(): void {
    if (!this.isOpen || this.#run === undefined) return;
    this.#run.isRead = true;
    if (!this.#run.hasEnded) this.#before ??= { pending: new Set(this.#pending()), count: this.#emitted.length };
  }

  /** It emits. Call the result when the event has reached everybody. */
  emit(event: Sent): () => void {
    const emitted = { event, isDispatched: false };
    this.#emitted.push(emitted);
    return () => {
      emitted.isDispatched = true;
    };
  }

  /** What it emitted is not taken. */
  ignored(): void {
    if (this.#before === undefined) this.freeze();
  }

  /** Nothing more is settled. */
  freeze(): void {
    const run = this.#run;
    if (run === undefined || run.hasEnded) return;
    if (this.#before !== undefined) run.settled = this.#settled();
    run.hasEnded = true;
  }

  end(): void {
    this.freeze();
    this.isOpen = false;
  }

  look(): readonly [number, boolean] | undefined {
    const run = this.#run;
    if (run?.isRead !== true) return undefined;
    if (!run.hasEnded) run.settled = this.#settled();
    return [run.settled, run.hasEnded];
  }

  #settled(): number {
    const pending = new Set(this.#pending());
    const { count = 0, pending: before = [] } = this.#before ?? {};
    let settled = 0;
    for (const { event, isDispatched } of this.#emitted) {
      if (!isDispatched || pending.has(event)) break;
      settled++;
    }
    const isBeforePending = count > 0 && [...before].some(event => pending.has(event));
    return isBeforePending || settled < count ? 0 : settled;
  }

  #pending(): readonly Sent[] {
    return this.#members().flatMap(member => (member.of.required ? member.inMailbox() : []));
  }
}
