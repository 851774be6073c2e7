import { Observable, Subject } from 'rxjs';
import type { FlowTap } from '../flow/contract/FlowTap.js';
import type { Notice } from '../flow/contract/Notice.js';
import { notifier, writeError } from '../flow/reporter.js';
import { serialize } from '../flow/serialize.js';
import { subscribeOwned } from '../flow/subscribeOwned.js';

/** Queued among the notices: their end. */
const END = Symbol('end');

/**
 * Emits the notices of a broker one after the other, so that all observers see the same order (promise B9, as with
 * events). Completion comes last.
 */
export class NoticeLog<E> {
  /** Sees each notice before the observers, even if it has to wait for its turn. */
  tap: FlowTap<E> | undefined;
  hasEnded = false;
  readonly #notices = new Subject<Notice<E>>();
  readonly #inTurn = serialize<Notice<E> | typeof END>(notice => {
    if (notice === END) this.#notices.complete();
    else this.#notices.next(notice);
  });
  /** An observer that throws keeps neither a notice nor the end from the others. */
  readonly notices$ = new Observable<Notice<E>>(observer => {
    subscribeOwned(observer, this.#notices, {
      next: notifier<E>(observer),
      complete: () => {
        try {
          observer.complete();
        } catch (error) {
          writeError('an observer of notices threw at their end', error);
        }
      },
    });
  });

  /** Named as in RxJS, so that a reporter takes this for an observer. */
  get observed(): boolean {
    return this.#notices.observed;
  }

  next(notice: Notice<E>): void {
    this.tap?.noticed(notice);
    this.#inTurn(notice);
  }

  end(): void {
    if (!this.hasEnded) this.tap?.closed();
    this.hasEnded = true;
    this.#inTurn(END);
  }
}
