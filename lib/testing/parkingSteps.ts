// The building blocks of the parking contract.
import { firstValueFrom, lastValueFrom, NEVER, of, ReplaySubject, Subject, tap, type Observable } from 'rxjs';
import type { ParkedFor, Parking, ReplayParkedOptions } from '../flow/contract/Parking.js';
import { workOf } from '../flow/mailbox/Work.js';
import { backpressure } from '../operators/backpressure.js';
import { park } from '../flow/strategies/park.js';
import type { ParkedTestEvent } from './ParkingUnderTest.js';

type TestParking = Parking<ParkedTestEvent>;

export const who = (key?: string, subscriber = 'payments', most = 100): ParkedFor => ({ subscriber, key, most });

/** Parks events with these names. Resolves when they are stored. */
export const parkNamed = async (
  parking: TestParking,
  names: readonly string[],
  of: ParkedFor,
  error: unknown = new Error('no'),
): Promise<void> => {
  const events = names.map(name => ({ name }));
  await lastValueFrom(workOf(parking.park(events, error, of)), { defaultValue: undefined });
};

/** Calls `parkBehind` for one event with this name. */
export const parkNamedBehind = async (parking: TestParking, name: string, of: ParkedFor): Promise<boolean> =>
  parking.parkBehind([{ name }], { ...of, key: of.key! });

export const listed = async (parking: TestParking): Promise<readonly string[]> =>
  (await parking.list()).map(({ event }) => event.name);

/** Runs a replay and returns the names of its events. If `work` fails, the replay errors; with `parks`, the event is parked. */
export const replayed = async (
  parking: TestParking,
  work: (name: string) => unknown = () => undefined,
  { parks = false, ...options }: ReplayParkedOptions<ParkedTestEvent> & { readonly parks?: boolean } = {},
): Promise<readonly string[]> => {
  const names: string[] = [];
  const replay$ = backpressure(parking.replay(options), {
    name: 'replay',
    required: true,
    ...(parks && { onFailure: park(parking, { by: ({ name }) => name[0] }) }),
    notices: { next: () => undefined },
    project: ({ name }) => {
      names.push(name);
      return workOf(work(name));
    },
  });
  await lastValueFrom(replay$, { defaultValue: undefined });
  return names;
};

/** Runs a replay that settles this many events. Unsubscribes while the next event is in flight. */
export const leftAfter = (parking: TestParking, settled: number): Promise<void> =>
  new Promise((resolve, reject) => {
    let count = 0;
    const work = (): Observable<unknown> => (count++ < settled ? of('done') : NEVER);
    const replay$ = backpressure(parking.replay(), {
      required: true,
      project: () => work().pipe(tap({ subscribe: look })),
    });
    const running = replay$.subscribe({ error: reject, complete: resolve });
    function look(): void {
      if (count <= settled) return;
      // a microtask later, the source has received the earlier settlements
      queueMicrotask(() => {
        running.unsubscribe();
        resolve();
      });
    }
  });

/** Runs a replay with a consumer that is full after one event. Returns the names emitted during the pause, and all names. */
export const givenWhilePaused = async (parking: TestParking): Promise<readonly (readonly string[])[]> => {
  const given: string[] = [];
  const began$ = new ReplaySubject<ParkedTestEvent>(1);
  const work$ = new Subject<void>();
  const replay$ = backpressure<ParkedTestEvent, void>(
    (pause$, settlement) =>
      parking
        .replay()(pause$, settlement)
        .pipe(
          tap({
            next: event => {
              given.push(event.name);
              began$.next(event);
            },
            error: (error: unknown) => began$.error(error as Error),
            complete: () => began$.complete(),
          }),
        ),
    { required: true, highWaterMark: 1, project: () => work$ },
  );
  const seen = async (): Promise<readonly string[]> => {
    await firstValueFrom(began$, { defaultValue: undefined });
    // a replay that ignores the pause has emitted the next event by then
    for (let i = 0; i < 3; i++) await parking.list();
    const whilePaused = [...given];
    work$.complete();
    return whilePaused;
  };
  const [whilePaused] = await Promise.all([seen(), lastValueFrom(replay$, { defaultValue: undefined })]);
  return [whilePaused, given];
};
