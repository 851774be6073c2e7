import { Subject, type Observable } from 'rxjs';
import type { FlowTap } from '../flow/contract/FlowTap.js';
import type { Notice } from '../flow/contract/Notice.js';
import { notifier, writeError } from '../flow/reporter.js';
import { serialize } from '../flow/serialize.js';

/** Stands in the order of notices for their end. */
const END = Symbol('end');

/**
 * The notices of a broker, one after the other, so that everybody who listens sees the same order (as with events,
 * promise B9). Their end comes last.
 */
export class NoticeLog<E> {
  /** Sees each notice when it comes, before anybody hears of it. */
  tap: FlowTap<E> | undefined;
  hasEnded = false;
  readonly #notices = new Subject<Notice<E>>();
  readonly #give = notifier<E>(this.#notices);
  readonly #inTurn = serialize<Notice<E> | typeof END>(notice => {
    if (notice === END) this.#complete();
    else this.#give(notice);
  });
  readonly notices$: Observable<Notice<E>> = this.#notices.asObservable();

  /** As an observer of RxJS, so that it can be given to a reporter. */
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

  #complete(): void {
    try {
      this.#notices.complete();
    } catch (error) {
      writeError('an observer of notices threw at their end', error);
    }
  }
}
