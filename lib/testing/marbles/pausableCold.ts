import { Observable, type Subscriber, type Subscription } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { followLevel } from '../../flow/level/followLevel.js';
import type { OpenedSource } from '../../flow/contract/Pausable.js';
import { callSite } from './callSite.js';
import type { Expectation } from './Expectations.js';
import { explainDifference } from './explainDifference.js';
import type { MarbleRun } from './MarbleRun.js';
import { emit, nextAt, type TestMessage, type SubscriptionTimes, errorIn, withError } from './TestMessage.js';
import { parseRow, valueOf, withLevels } from './parseRow.js';

/** A cold source that can be paused. Its own time stops during a pause. */
export type PausableCold<T> = OpenedSource<T> & {
  /** When the source was subscribed, for `expectSubscriptions`. */
  readonly subscriptions: readonly SubscriptionTimes[];
};

/** The helpers of a marble test for sources that can be paused. */
export interface PausableHelpers {
  /**
   * Creates a cold source that can be paused. Its diagram is in its own time, which stops while `pause$` is `true`. During a pause
   * nothing is emitted, and nothing is lost. A value that was three milliseconds away comes three milliseconds after the pause. A
   * value that is due when the pause ends is emitted inside the call that ends it.
   */
  readonly pausableCold: <T = string>(
    marbles: string,
    values?: Readonly<Record<string, T>>,
    error?: unknown,
  ) => PausableCold<T>;
  /** Expects when the pause of a `pausableCold` began (`t`) and ended (`f`), in one diagram per subscription. */
  readonly expectPauses: (source: PausableCold<unknown>) => {
    /** Takes the expected diagram, or an array with one per subscription. */
    readonly toBe: (marbles: string | readonly string[]) => void;
  };
}

export const pausableHelpers = (run: MarbleRun): PausableHelpers => {
  const pausesOf = new WeakMap<object, TestMessage<boolean>[][]>();

  const pausableCold: PausableHelpers['pausableCold'] = <T>(
    ...args: [marbles: string, values?: Readonly<Record<string, T>>, error?: unknown]
  ) => {
    const [marbles, values] = args;
    const parsed = TestScheduler.parseMarbles(marbles, values, undefined, false, true) as readonly TestMessage<T>[];
    const messages = withError(parsed, errorIn(args, 2));
    const subscriptions: SubscriptionTimes[] = [];
    const pauses: TestMessage<boolean>[][] = [];
    const open: OpenedSource<T> = pause$ =>
      new Observable(subscriber => {
        const index = subscriptions.length;
        const subscribedFrame = run.scheduler.frame;
        const changes: TestMessage<boolean>[] = [];
        subscriptions.push({ subscribedFrame, unsubscribedFrame: Infinity });
        pauses.push(changes);
        subscriber.add(() => {
          subscriptions[index] = { subscribedFrame, unsubscribedFrame: run.scheduler.frame };
        });
        play(run.scheduler, messages, pause$, subscriber, level => changes.push(nextAt(run.scheduler.frame, level)));
      });
    const source = Object.assign(open, { subscriptions });
    pausesOf.set(source, pauses);
    return source;
  };

  const expectPauses: PausableHelpers['expectPauses'] = source => {
    const pauses = pausesOf.get(source) ?? [];
    const expectation: Expectation = run.expectations.add({ helper: 'expectPauses', calls: callSite(expectPauses) });
    return {
      toBe: marbles => {
        const diagrams = typeof marbles === 'string' ? [marbles] : marbles;
        const parsed = diagrams.map(diagram => parseRow(diagram, valueOf(withLevels())));
        expectation.check = () => {
          const count = Math.max(parsed.length, pauses.length);
          const rows = Array.from({ length: count }, (_, i) => ({
            label: count > 1 ? `subscription ${i + 1}` : '',
            ...(parsed[i] ?? { expected: [] }),
            actual: pauses[i] ?? [],
          }));
          return explainDifference(rows, withLevels());
        };
      },
    };
  };

  return { pausableCold, expectPauses };
};

/**
 * Plays a diagram to one subscriber.
 *
 *     own time   0 ── elapsed ──► next message          elapsed is counted while not paused: from `since` on
 *
 * 1. A message is played when its frame has elapsed in own time and the level is false, in order, by one loop.
 * 2. While not paused and not playing, exactly the next message is scheduled; while paused, none is.
 */
const play = <T>(
  scheduler: TestScheduler,
  messages: readonly TestMessage<T>[],
  pause$: Observable<boolean>,
  subscriber: Subscriber<T>,
  onChange: (level: boolean) => void,
): void => {
  let next = 0;
  let elapsed = 0;
  let since = scheduler.frame;
  let wasPaused = false;
  let isPlaying = true;
  let timer: Subscription | undefined;

  // A function, because calls to other code may change `wasPaused`.
  const isPaused = (): boolean => wasPaused;
  const ownTime = (): number => (wasPaused ? elapsed : elapsed + scheduler.frame - since);
  const go = (): void => {
    if (isPlaying || wasPaused) return;
    isPlaying = true;
    timer?.unsubscribe();
    for (let due = messages[next]; due && due.frame <= ownTime() && !isPaused(); due = messages[next]) {
      next++;
      emit(due.notification, subscriber);
    }
    isPlaying = false;
    const later = messages[next];
    if (later && !isPaused() && !subscriber.closed) {
      timer = scheduler.schedule(go, later.frame - ownTime());
    }
  };
  subscriber.add(() => timer?.unsubscribe());
  subscriber.add(
    followLevel(
      pause$,
      level => {
        if (level) {
          elapsed = ownTime();
          timer?.unsubscribe();
        } else since = scheduler.frame;
        wasPaused = level;
        onChange(level);
        go();
      },
      error => subscriber.error(error),
    ),
  );
  isPlaying = false;
  // Like in RxJS's `cold`, a message at frame 0 is emitted in the next step of the scheduler, not inside `subscribe`.
  if (messages.length > 0 && !wasPaused) timer = scheduler.schedule(go, messages[0]?.frame);
};
