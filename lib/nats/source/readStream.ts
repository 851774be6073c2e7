import type { Observable, Subscriber } from 'rxjs';
import { shown } from '../../event/shown.js';
import type { PositionStore } from '../../flow/contract/PositionStore.js';
import type { Settlement } from '../../flow/contract/Settlement.js';
import { followLevel } from '../../flow/level/followLevel.js';
import type { Notify } from '../../flow/reporter.js';
import { RingBuffer } from '../../flow/RingBuffer.js';
import { settledBy } from '../../flow/settlement/settledBy.js';
import { subscribeOwned } from '../../flow/subscribeOwned.js';
import type { PositionKeeper } from '../position/PositionKeeper.js';
import { followedPosition } from '../position/followedPosition.js';
import { placeFromText, placeToText, type StoredPlace, type StreamPlace } from '../position/StreamPlace.js';
import { writtenPosition } from '../position/writtenPosition.js';
import { checkDurability } from './checkDurability.js';
import { hasWildcard } from '../streamNames.js';
import { StreamConfigError, StreamUnavailableError } from './errors.js';
import { firstPlace, mayHaveExpired } from './firstPlace.js';
import type { JetStreamMessage } from './JetStreamMessage.js';
import type { JetStreamSourceOptions } from './JetStreamSourceOptions.js';
import { MessageCheck } from './MessageCheck.js';
import type { StreamInfo } from './StreamInfo.js';
import { streamWork, type StreamSettings } from './streamWork.js';

export interface ReadSettings extends StreamSettings {
  readonly options: JetStreamSourceOptions;
  readonly everyMs: number;
}

/**
 * Reads the stream into `subscriber`. Resolves when everything is released, with the errors that occurred after `subscriber`
 * was closed. Rejects if the settlement throws. In that case nothing was started.
 */
export const readStream = async (
  subscriber: Subscriber<JetStreamMessage>,
  settings: ReadSettings,
  notify: Notify,
  consumer: {
    readonly pause$: Observable<boolean>;
    readonly settlement: Settlement | 'none';
    readonly stopped$: Observable<unknown>;
  },
): Promise<readonly unknown[]> => {
  const { stream, options, scheduler, everyMs } = settings;
  const { position, subject } = options;
  const { settlement } = consumer;
  const atHand = new RingBuffer<JetStreamMessage>();
  /** The subject of all messages, if the filter has no wildcard. */
  const only = subject !== undefined && !hasWildcard(subject) ? subject : undefined;
  const late: unknown[] = [];
  /** Aborted when the source is unsubscribed, which ends a pending read of the position. */
  const left = new AbortController();
  const state = {
    /** The last message that has arrived. */
    last: { sequence: 0 } as StreamPlace,
    keeper: undefined as PositionKeeper | undefined,
    check: new MessageCheck(stream, options.foreign === 'accept'),
    /** The error that ends the source after the messages at hand. */
    ending: undefined as { readonly error: unknown } | undefined,
    isPaused: false,
    isStopped: false,
    isEmitting: false,
  };

  const failed = (error: unknown): void => {
    if (left.signal.aborted && error === left.signal.reason) return;
    if (subscriber.closed) late.push(error);
    else subscriber.error(error);
  };

  const given = settledBy<StreamPlace>(subscriber, settlement, place => state.keeper!.settled(place));

  const giveNext = (): void => {
    const message = atHand.shift()!;
    const { sequence, time, subject: of, position: number } = message;
    // without the data, which would otherwise stay in memory until the message is settled
    const place: StreamPlace = { sequence, time, subject: of, position: number };
    const before = settlement === 'none' ? 0 : settlement.received;
    given(place, () => subscriber.next(message));
    if (settlement !== 'none' && settlement.received !== before) state.keeper!.given(place, settlement.received);
  };

  const emit = (): void => {
    if (state.isEmitting) return;
    state.isEmitting = true;
    try {
      while (!state.isPaused && !state.isStopped && !subscriber.closed && atHand.length > 0) giveNext();
    } catch (error) {
      failed(error);
    }
    state.isEmitting = false;
    if (state.ending !== undefined && atHand.length === 0 && !subscriber.closed) failed(state.ending.error);
  };

  const stored = async (): Promise<StoredPlace | undefined> => {
    const text = await position.read(left.signal);
    if (text === undefined) return undefined;
    const place = placeFromText(text);
    if (place === undefined) throw new StreamConfigError(stream, 'a position of jetStreamSource', shown(text));
    return place;
  };

  const keeperOf = (created: string): PositionKeeper => {
    const toText = (place: StreamPlace): string => placeToText(stream, created, place);
    const store: PositionStore = position;
    if (store.follow !== undefined && settlement !== 'none')
      return followedPosition(positionAt => store.follow!(positionAt), toText);
    const write = async (place: StreamPlace, signal: AbortSignal): Promise<void> =>
      store.write?.(toText(place), signal);
    const tooLate = (ms: number): Error =>
      new StreamUnavailableError(stream, `the last position was not stored within ${ms} ms`);
    return writtenPosition(write, { everyMs, scheduler, failed, tooLate });
  };

  const begin = async (info: StreamInfo): Promise<void> => {
    const { retention } = info.config;
    if (retention !== 'limits') throw new StreamConfigError(stream, 'retention limits', `retention ${retention}`);
    const losses = await checkDurability(stream, info, options.durability);
    for (const loss of losses) notify({ type: 'AtRisk', what: `${settings.what}: ${loss}` });
    const found = await stored();
    state.last = firstPlace(info, found, options);
    // otherwise a restart before the first settlement would begin at a later "new", and skip messages
    if (found === undefined && options.startAt === 'new')
      await position.write?.(placeToText(stream, info.created, state.last), left.signal);
    state.check.begin(state.last);
    state.keeper = keeperOf(info.created);
  };

  const resume = (info: StreamInfo): void => {
    if (mayHaveExpired(info, state.last, options)) state.check.mayExpireFrom(state.last.sequence + 1);
  };

  const work = streamWork(settings, {
    begin,
    resume,
    last: () => state.last,
    isLeft: () => subscriber.closed,
    isHungry: () => !state.isPaused && !state.isStopped && atHand.length === 0 && state.ending === undefined,
    arrived: (message, { sequence, time }) => {
      if (state.ending !== undefined || state.isStopped) return;
      const of = only ?? message.subject;
      try {
        const { data } = message;
        const number = state.check.positionOf(message, data, of, sequence);
        const next = { data, subject: of, sequence, position: number, time };
        state.last = next;
        atHand.push(next);
      } catch (error) {
        state.ending = { error };
      }
      emit();
    },
    failed,
    notify,
  });
  const onPause = (level: boolean): void => {
    state.isPaused = level;
    if (level) return;
    emit();
    work.wake();
  };
  const stop = (): void => {
    state.isStopped = true;
    atHand.clear();
    given.complete();
  };
  subscriber.add(() => left.abort());
  subscriber.add(() => work.wake());
  subscriber.add(followLevel(consumer.pause$, onPause, failed));
  subscribeOwned(subscriber, consumer.stopped$, { next: stop });
  await work.released;
  await state.keeper?.finish();
  return late;
};
