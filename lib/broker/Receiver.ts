import { defer, Observable, Subscription, type Subscriber } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import { openSource, type Source } from '../flow/contract/Source.js';
import { anyTrue } from '../flow/level/anyTrue.js';
import { currentValue } from '../flow/level/currentValue.js';
import { followLevel } from '../flow/level/followLevel.js';
import { forwardSafely, subscribeOwned } from '../flow/subscribeOwned.js';
import type { BrokerSnapshot } from './BrokerSnapshot.js';
import type { CompletionBarrier } from './CompletionBarrier.js';
import type { Dispatcher } from './Dispatcher.js';
import type { Phase } from './Phase.js';
import { ReceiveRunningError } from './ReceiveRunningError.js';
import type { Received } from './Settlements.js';
import type { Subscriptions } from './Subscriptions.js';

/** The parts of a broker that `receive` uses. */
interface Parts<E extends AnyEvent> {
  readonly phase: Phase;
  readonly dispatcher: Dispatcher<E>;
  readonly subscriptions: Subscriptions<E>;
  readonly barrier: CompletionBarrier;
  readonly snapshot: () => BrokerSnapshot;
}

/** One run of a source. */
interface Run {
  readonly fail: (error: unknown) => void;
  /** Pauses the source for good, and ends as if it had completed (promise K3). */
  readonly finish: () => void;
}

/**
 * The one source that a broker receives from, if any (promise B11).
 *
 *     source ──► send ──► required deliveries of its events have finished ──► last snapshot
 *        ▲
 *        └── pause$ ◄── a required backlog is full, or an event of the source waits for the end of another dispatch
 */
export class Receiver<E extends AnyEvent> {
  readonly #parts: Parts<E>;
  #run: Run | undefined;

  constructor(parts: Parts<E>) {
    this.#parts = parts;
  }

  get running(): boolean {
    return this.#run !== undefined;
  }

  finish(): void {
    this.#run?.finish();
  }

  fail(error: unknown): void {
    this.#run?.fail(error);
  }

  receive(source: Source<E>): Observable<BrokerSnapshot> {
    const call: Received = { received: 0, settled: 0 };
    return new Observable(subscriber => {
      this.#parts.phase.refuse('receive');
      if (this.running) subscriber.error(new ReceiveRunningError());
      else this.#open(source, call, subscriber);
    });
  }

  #open(source: Source<E>, call: Received, subscriber: Subscriber<BrokerSnapshot>): void {
    const { phase, dispatcher, subscriptions, barrier, snapshot } = this.#parts;
    const { settlements } = subscriptions;
    const input = new Subscription();
    const result = forwardSafely(subscriber);
    // once nothing more is settled, a source that has ended waits only for the deliveries (promise K3b)
    const rest = currentValue(false, 'a source threw when its consumer had no more unsettled values');
    let waiting: Subscription | undefined;
    const waitForRest = (): void => {
      rest.set(false);
      waiting?.unsubscribe();
      const wait = new Subscription();
      waiting = wait;
      input.add(wait);
      dispatcher.later(() => wait.add(barrier.whenDone(subscriptions.mailboxes(true), () => rest.set(true))));
    };
    // events that the source emitted inside a delivery are dispatched first
    const flush = (): void =>
      dispatcher.later(() => {
        for (const mailbox of [...subscriptions.mailboxes()]) mailbox.flush?.();
      });
    // a source that has ended asks for it: its last events gather no more (promise K3a)
    const atRest$ = defer(() => {
      flush();
      return rest.value$;
    });
    const settled = settlements.open(call, atRest$, waitForRest);
    const pause = anyTrue();
    let isCompleting = false;
    const run: Run = {
      fail: error => {
        settled.end();
        over();
        result.error(error);
      },
      finish: () => {
        pause.raise();
        complete();
      },
    };
    // called before the end is reported: an observer of the end may receive from the next source (promise B11)
    const over = (): void => {
      if (this.#run === run) this.#run = undefined;
    };
    const complete = (): void => {
      // a drain completes a source that is completing
      if (isCompleting) return;
      isCompleting = true;
      flush();
      dispatcher.later(() => subscriber.add(barrier.whenDone(subscriptions.mailboxes(true), emitLast)));
    };
    const emitLast = (): void => {
      over();
      // unsubscribes before the settlement ends: so the source sees that its consumer has not failed (promise K4)
      input.unsubscribe();
      settled.end();
      result.next(snapshot());
      result.complete();
    };
    // An event that the source emits inside a delivery is in no mailbox yet, so it pauses the source until it is dispatched.
    const pauseUntilDispatched = (): void => {
      pause.raise();
      dispatcher.later(pause.lower);
    };

    this.#run = run;
    subscriber.add(over);
    subscriber.add(input);
    subscriber.add(() => settled.end());
    subscriber.add(followLevel(dispatcher.pressure.level$, level => (level ? pause.raise() : pause.lower()), run.fail));
    subscribeOwned(input, openSource(source, pause.level$, settled), {
      next: event => {
        const place = settlements.take();
        // the broker is draining, and the source emits although it is paused: the event is neither sent nor settled
        if (phase.name === 'draining') {
          // without a place it would be settled with the events from before the tracking
          if (place === 0) settled.end();
          return;
        }
        try {
          if (place === 0) dispatcher.send(event);
          else dispatcher.sendAt(event, place);
        } catch (error) {
          run.fail(error);
        }
        if (waiting !== undefined) waitForRest();
        if (dispatcher.busy) pauseUntilDispatched();
      },
      error: run.fail,
      complete,
    });
  }
}
