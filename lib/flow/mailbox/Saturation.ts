import { Watermark } from '../level/Watermark.js';
import type { MailboxSettings } from './MailboxSettings.js';
import { PendingBytes } from './PendingBytes.js';

/** Whether a backlog is at its high-water mark, in events or in bytes. */
export class Saturation<U> {
  readonly #mark: Watermark;
  readonly #bytes: PendingBytes<U>;

  constructor(settings: Pick<MailboxSettings<U, unknown>, 'highWaterMark' | 'highWaterMarkBytes' | 'bytesOf'>) {
    this.#mark = new Watermark(settings.highWaterMark, settings.highWaterMarkBytes);
    this.#bytes = new PendingBytes(settings.bytesOf);
  }

  get reached(): boolean {
    return this.#mark.reached;
  }

  /** A unit was accepted. */
  push(unit: U): void {
    this.#bytes.push(unit);
  }

  /** The oldest unit has finished. */
  shift(): void {
    this.#bytes.shift();
  }

  /** Nothing is pending any more. */
  clear(): void {
    this.#bytes.clear();
  }

  /** Whether that many pending events, with their bytes, are at a mark. */
  isAt(events: number): boolean {
    return this.#mark.isAt(events, this.#bytes.total);
  }

  /** Says whether the level changed. A mailbox that takes nothing more is not saturated. */
  update(events: number, isOpen: boolean): boolean {
    return isOpen ? this.#mark.update(events, this.#bytes.total) : this.#mark.clear();
  }
}
