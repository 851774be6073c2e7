import { asyncScheduler, from, Observable, type MonoTypeOperatorFunction, type ObservableInput } from 'rxjs';
import type { InspectRecord, RecordKind } from 'rx-event-broker/inspect';
import { formatted } from './formatted.js';

/**
 * What an operator of RxJS holds, seen from both sides of it:
 *
 *     source$.pipe(queue.arrives(), concatMap(queue.work(save)))
 *
 * What has arrived and has not begun waits in the operator.
 */
export class RxLane {
  readonly #name: string;
  readonly #drops: boolean;
  readonly #give: (record: InspectRecord) => void;
  #n = 0;
  #arrived = 0;
  #begun = 0;
  #backlog = 0;

  /** `drops`: what does not begin when it arrives is dropped, as `exhaustMap` does. */
  constructor(name: string, drops: boolean, give: (record: InspectRecord) => void) {
    this.#name = name;
    this.#drops = drops;
    this.#give = give;
  }

  /** Before the operator. */
  arrives<T>(): MonoTypeOperatorFunction<T> {
    return source$ =>
      new Observable(subscriber =>
        source$.subscribe({
          next: value => {
            const event = ++this.#arrived;
            const begun = this.#begun;
            this.#backlog++;
            this.#record('offered', event);
            subscriber.next(value);
            if (!this.#drops || this.#begun !== begun) return;
            this.#backlog--;
            this.#record('dropped', event, 'overflow');
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      );
  }

  /** The work that the operator does on each. */
  work<T, R>(project: (value: T) => ObservableInput<R>): (value: T) => Observable<R> {
    return value =>
      new Observable(subscriber => {
        const event = this.#drops ? this.#arrived : this.#begun + 1;
        this.#begun++;
        this.#record('began', event);
        let isOver = false;
        const end = (kind: RecordKind, reason?: string): void => {
          if (isOver) return;
          isOver = true;
          this.#backlog--;
          this.#record(kind, event, reason);
        };
        subscriber.add(() => end('failed', 'unsubscribed'));
        subscriber.add(
          from(project(value)).subscribe({
            next: result => subscriber.next(result),
            error: (error: unknown) => {
              end('failed', formatted([error]));
              subscriber.error(error);
            },
            complete: () => {
              end('ended');
              subscriber.complete();
            },
          }),
        );
      });
  }

  #record(kind: RecordKind, event: number, reason?: string): void {
    this.#give({
      n: ++this.#n,
      at: asyncScheduler.now(),
      kind,
      broker: this.#name,
      subscriber: { id: 1, key: 1, name: this.#name, required: !this.#drops },
      event,
      backlog: this.#backlog,
      paused: false,
      ...(reason === undefined ? {} : { reason }),
    });
  }
}
