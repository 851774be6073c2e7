import { Watermark } from '../level/Watermark.js';
import type { MailboxOwner } from './MailboxOwner.js';

/** Reports to the owner of a mailbox when its backlog reaches its high-water mark, in events or in bytes, and when it is clear. */
export class Saturation {
  readonly #owner: MailboxOwner<never, unknown>;
  readonly #mark: Watermark;

  constructor(
    owner: MailboxOwner<never, unknown>,
    marks: { readonly highWaterMark?: number; readonly highWaterMarkBytes?: number | undefined },
  ) {
    this.#owner = owner;
    this.#mark = new Watermark(marks.highWaterMark, marks.highWaterMarkBytes);
  }

  get reached(): boolean {
    return this.#mark.reached;
  }

  /** Whether that much is at a mark. */
  isAt(events: number, bytes: number): boolean {
    return this.#mark.isAt(events, bytes);
  }

  /** That much is pending now. A mailbox that takes nothing more is not saturated. */
  update(pending: number, bytes: number, isOpen: boolean): void {
    const hasChanged = isOpen ? this.#mark.update(pending, bytes) : this.#mark.clear();
    if (!hasChanged) return;
    const { reached } = this.#mark;
    this.#owner.notify({ type: reached ? 'Saturated' : 'Clear', subscriber: this.#owner.who, pending });
    this.#owner.saturated(reached);
  }
}
