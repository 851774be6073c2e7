import { randomBytes } from 'node:crypto';
import { Subject, Subscription } from 'rxjs';
import { after } from '../../flow/clock.js';
import type { Notify } from '../../flow/reporter.js';
import type { NatsConnection, NatsMessage } from '../NatsConnection.js';
import { followConnection } from '../followConnection.js';
import type { ConsumerReply } from './ConsumerReply.js';
import { StreamUnavailableError } from './errors.js';
import { jetStreamApi } from './jetStreamApi.js';
import { Outage, type OutageSettings } from './Outage.js';
import { HEARTBEAT, PullReader } from './PullReader.js';
import { stallCause } from './stallCause.js';
import { streamOpening, type OpeningDesk } from './streamOpening.js';

/** The callbacks through which `streamWork` reaches its source. */
export interface StreamDesk extends OpeningDesk {
  /** The source was unsubscribed or has ended. */
  readonly isLeft: () => boolean;
  /** Whether to fetch messages: none is at hand, and the source is not paused. */
  readonly isHungry: () => boolean;
  readonly arrived: (message: NatsMessage, at: ConsumerReply) => void;
  readonly failed: (error: unknown) => void;
  readonly notify: Notify;
}

export interface StreamSettings extends OutageSettings {
  readonly connection: NatsConnection;
  readonly subject: string | undefined;
  readonly apiPrefix: string;
  readonly inboxPrefix: string;
  readonly batchSize: number;
  readonly maxBytes: number;
}

export interface StreamWork {
  /** The answer of `isLeft` or `isHungry` may have changed. */
  wake(): void;
  /** Resolves when the loop has ended. Never rejects. */
  readonly released: Promise<void>;
}

/** The delay before a retry, in ms. */
const RETRY = 250;

/**
 * The loop of a source. It keeps one JetStream consumer alive, and pulls messages while there is room.
 *
 *     ┌─ no connection?       sleep ──────────────────────────────────────────────────┐
 *     ├─ no consumer?         create one, after the last message that has arrived ────┤ ──left──► delete it
 *     ├─ consumer is silent?  ask the server why ─────────────────────────────────────┤
 *     └─ otherwise:           pull if hungry, then sleep until woken ─────────────────┘
 *
 * R1  A JetStream consumer is replaced as soon as anything is wrong with it.
 * R2  Nothing is pulled while the source is paused.
 * R3  Temporary failures are retried.
 */
export const streamWork = (settings: StreamSettings, desk: StreamDesk): StreamWork => {
  const { connection, stream, what, apiPrefix, inboxPrefix, scheduler, stallAfter } = settings;
  const { isLeft, isHungry, failed, notify, last } = desk;
  const interrupted$ = new Subject<void>();
  const ask = jetStreamApi(settings, interrupted$);
  const open = streamOpening(settings, ask, desk);
  const outage = new Outage(settings, notify);
  const timers = new Subscription();
  const state = {
    reader: undefined as { readonly name: string; readonly pulls: PullReader } | undefined,
    isConnected: true,
    batchSize: settings.batchSize,
    /** The next message is larger than `maxBytes`. */
    isTooLarge: false,
    /** How long a pull has been open without a message, in ms. */
    quiet: 0,
    /** The sequence at which a consumer was last created. If no message has arrived since then, the next try is delayed. */
    triedAt: -1,
    isAwake: false,
  };
  const stayAwake = (): void => {
    state.isAwake = true;
  };
  /** Ends the sleep, or prevents the next one. */
  let wake = stayAwake;

  const sleep = (ms = Infinity): Promise<void> =>
    new Promise(resolve => {
      if (state.isAwake) {
        state.isAwake = false;
        resolve();
        return;
      }
      const timer = new Subscription();
      wake = () => {
        timer.unsubscribe();
        wake = stayAwake;
        resolve();
      };
      timer.add(after(scheduler, ms, () => wake()));
    });

  const drop = (): void => {
    const { reader } = state;
    if (reader === undefined) return;
    state.reader = undefined;
    reader.pulls.close();
    // not awaited: the server removes unused consumers anyway
    if (!connection.isClosed()) ask(`CONSUMER.DELETE.${stream}.${reader.name}`).catch(() => undefined);
  };

  const pullIfHungry = (): void => {
    const { reader, isTooLarge, batchSize } = state;
    if (reader === undefined || reader.pulls.isPulling || isLeft() || !isHungry()) return;
    state.isTooLarge = false;
    try {
      reader.pulls.pull(
        isTooLarge ? { batch: 1, maxBytes: undefined } : { batch: batchSize, maxBytes: settings.maxBytes },
      );
    } catch (error) {
      failed(new StreamUnavailableError(stream, 'the connection is closed', error));
    }
  };

  const host = {
    arrived: (message: NatsMessage, at: ConsumerReply): void => {
      if (state.quiet > 0) state.quiet = 0;
      outage.end();
      try {
        desk.arrived(message, at);
      } catch (error) {
        failed(error);
      }
    },
    ended: (isTooLarge: boolean): void => {
      state.isTooLarge = isTooLarge;
      pullIfHungry();
    },
    broken: (why: string): void => {
      drop();
      notify({ type: 'Waiting', what: `${what}: ${why}; reading again from sequence ${last().sequence + 1}` });
      wake();
    },
    limited: (batch: number): void => {
      state.batchSize = Math.max(1, batch);
    },
    refused: (why: string): void => failed(new StreamUnavailableError(stream, `the server rejected a pull: ${why}`)),
  };

  const makeReader = async (): Promise<void> => {
    const { sequence } = last();
    const isAgain = state.triedAt === sequence;
    state.triedAt = sequence;
    if (isAgain) await sleep(RETRY);
    // short, because the client parses it in each message
    const name = randomBytes(6).toString('base64url');
    const obstacle = await open(name);
    if (obstacle !== undefined) outage.begin(obstacle);
    else if (state.isConnected && !isLeft()) {
      const inbox = `${inboxPrefix}.${randomBytes(12).toString('hex')}`;
      const nextSubject = `${apiPrefix}.CONSUMER.MSG.NEXT.${stream}.${name}`;
      state.reader = { name, pulls: new PullReader(connection, { nextSubject, inbox }, host) };
      state.quiet = 0;
      outage.answered();
    }
  };

  const askWhyQuiet = async (name: string): Promise<void> => {
    const found = await stallCause(ask, stream, name);
    // a message has arrived or the consumer was replaced during the request
    if (state.quiet === 0 || state.reader?.name !== name) return;
    if (found.type === 'idle') outage.end();
    else outage.stall(found.cause, state.quiet);
    state.quiet = 0;
    if (found.type === 'broken') drop();
  };

  const loop = async (): Promise<void> => {
    while (!isLeft()) {
      const { reader } = state;
      if (!state.isConnected) {
        outage.begin('there is no connection to a server');
        await sleep();
      } else if (reader === undefined) await makeReader();
      else if (state.quiet >= stallAfter) await askWhyQuiet(reader.name);
      else {
        pullIfHungry();
        await sleep();
      }
    }
  };

  const tick = (): void => {
    timers.add(after(scheduler, HEARTBEAT, tick));
    try {
      outage.tick();
      const { reader } = state;
      reader?.pulls.tick();
      if (reader?.pulls.isPulling === true) state.quiet += HEARTBEAT;
      if (state.quiet >= stallAfter) wake();
    } catch (error) {
      failed(error);
    }
  };

  const run = async (): Promise<void> => {
    timers.add(
      followConnection(connection, {
        disconnected: () => {
          state.isConnected = false;
          drop();
          interrupted$.next();
          wake();
        },
        reconnected: () => {
          state.isConnected = true;
          state.triedAt = -1;
          interrupted$.next();
          wake();
        },
        closed: () => failed(new StreamUnavailableError(stream, 'the connection is closed')),
      }),
    );
    tick();
    await loop();
  };

  return {
    wake: () => {
      if (isLeft()) interrupted$.next();
      wake();
    },
    released: run()
      .catch(failed)
      .then(() => {
        timers.unsubscribe();
        drop();
      }),
  };
};
