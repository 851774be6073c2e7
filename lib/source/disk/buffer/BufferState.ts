import { Subscription } from 'rxjs';

/** How the source ended. */
export type SourceEnd = { readonly type: 'complete' } | { readonly type: 'error'; readonly error: unknown };

type State =
  | { readonly name: 'opening' | 'running' | 'closing' }
  | { readonly name: 'ending' | 'draining'; readonly end: SourceEnd }
  | { readonly name: 'failed'; readonly error: unknown };

/**
 * The state of a disk buffer. Only this file changes it.
 *
 *     opening ──run──► running ──end──► ending ──drain──► draining
 *        ╰────────────────┴──────┬────────┴──────────────────╯
 *                                ├── close ──► closing ──fail──╮
 *                                ╰── fail ──────────────────► failed
 *
 *     state     the source         is written     segments     the consumer gets       moves on when
 *     opening   is not subscribed  –              stay         nothing                 the folder is open: `run`
 *     running   is subscribed      what it emits  are retired  messages                the source has ended: `end`
 *     ending    has ended          what is left   are retired  messages                all of it is written: `drain`
 *     draining  has ended          –              are retired  messages, then the end  the consumer leaves: `close`
 *     closing   is unsubscribed    what is left   are retired  nothing: it has left    something fails: `fail`
 *     failed    is unsubscribed    what is left   stay         the first failure       never
 *
 * From each of the first four, `close` and `fail` are possible. A move that a state does not have is ignored: the source may
 * end after the buffer has failed, and the folder may be open after the consumer has left. `DiskBuffer.close` releases
 * everything, in `closing` and in `failed`.
 */
export class BufferState {
  /** Unsubscribed by `closing` and `failed`: the subscriptions of the source and of `done$`, and the sync timer. */
  readonly subscriptions = new Subscription();
  /** Unsubscribed by `failed` only, before `subscriptions`: the source is notified that nothing more will be settled. */
  readonly untilFailure = new Subscription();
  #now: State = { name: 'opening' };
  #wake = () => {};
  readonly #onFailure: (error: unknown) => void;

  /** `onFailure` is called once, with the first failure. */
  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  get now(): State {
    return this.#now;
  }

  /** The folder is open. Returns `false` if the consumer has left or something failed before. */
  run(): boolean {
    if (this.#now.name !== 'opening') return false;
    this.#move({ name: 'running' });
    return true;
  }

  /** The source has ended. Returns `false` if the buffer is no longer running. */
  end(end: SourceEnd): boolean {
    if (this.#now.name !== 'running') return false;
    this.#move({ name: 'ending', end });
    return true;
  }

  /** Everything that the source emitted is written. */
  drain(): void {
    if (this.#now.name === 'ending') this.#move({ name: 'draining', end: this.#now.end });
  }

  /** The consumer has left. */
  close(): void {
    if (this.#now.name !== 'failed') this.#move({ name: 'closing' });
    this.subscriptions.unsubscribe();
  }

  /** Something failed: the disk, or the user's code. */
  readonly fail = (error: unknown): void => {
    if (this.#now.name === 'failed') return;
    this.#move({ name: 'failed', error });
    this.untilFailure.unsubscribe();
    this.subscriptions.unsubscribe();
    this.#onFailure(error);
  };

  /** Runs the user's code, or code that calls it. If it throws, the buffer fails. */
  attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Throws the failure, if there is one. */
  check(): void {
    if (this.#now.name === 'failed') throw this.#now.error;
  }

  /** Resolves at the next move or `wake`. */
  change(): Promise<void> {
    return new Promise(resolve => (this.#wake = resolve));
  }

  /** Resolves `change`, because there may be more to read. */
  wake(): void {
    this.#wake();
  }

  #move(to: State): void {
    this.#now = to;
    this.#wake();
  }
}
