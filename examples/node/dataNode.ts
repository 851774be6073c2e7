// socket ──► disk buffer ──► decode ──► each once ──► fan-out ──┬──► event broker ──► prices (optional)
//    ▲                                                          └──► block store ──► one transaction a block
//    └── progress ◄── committed blocks, which the disk buffer may forget ◄──────┘
import { join } from 'node:path';
import { finalize, ignoreElements, merge, type Observable, pipe, Subject, takeUntil, tap } from 'rxjs';
import { eventBroker, fanOut, ofType } from 'rx-event-broker';
import type { Notice, Pausable } from 'rx-event-broker';
import type { CommittedBlock } from 'rx-event-broker';
import { eventSource, type EventSourceOptions, type Inproc } from 'rx-event-broker/node';
import { blockOf, encodeEvent, type VegaEvent } from 'rx-event-broker/vega';
import type { OpenDatabase } from '../store/openDatabase.js';
import { storeMarket } from '../store/storeMarket.js';
import { branchBuffer } from './branchBuffer.js';
import { coreLink } from './coreLink.js';
import { eachOnce } from './eachOnce.js';
import { eventsOf } from './eventsOf.js';
import type { Meter } from './meter.js';
import type { Progress } from './progress.js';
import { wrongWith } from './readEvent.js';
import type { SetAside } from './setAside.js';
import type { Settings } from './settings.js';

export interface DataNodeOptions extends Settings {
  readonly database: OpenDatabase;
  /** What the database holds. */
  readonly stored: Progress;
  /** Its first value ends the intake. Received events are still processed. */
  readonly stop$: Observable<unknown>;
  readonly meter: Meter;
  /** For the `transportType` `inproc`. */
  readonly inproc?: Inproc;
  /** For `useJetStream`. */
  readonly jetStream?: NonNullable<EventSourceOptions['jetStream']>;
  readonly listening: { readonly next: (address: { readonly host: string; readonly port: number }) => void };
  /** The notices of all parts. The node reads here that the core is gone. */
  readonly notices: Subject<Notice>;
  /** Keeps messages that are not events of this chain. */
  readonly aside: SetAside;
  /** Whether to set aside events of another chain, and events that cannot be stored. Otherwise they end the node. */
  readonly setsAside: boolean;
  /** Called with what was set aside, and with each gap in the events. */
  readonly warn: (text: string) => void;
}

/** Runs a data node. Emits the blocks that it commits. Completes when it is stopped, or for an upgrade. */
export const dataNode = (options: DataNodeOptions): Observable<CommittedBlock> => {
  const { config, chainId, directory, database, stored, stop$, meter, inproc, jetStream, listening, notices } = options;
  const { aside, setsAside, warn } = options;
  const done$ = new Subject<string>();
  const disconnect$ = new Subject<Error>();
  const lost$ = new Subject<never>();
  const keep = (message: Uint8Array, why: string): void => warn(`set aside in ${aside.keep(message)}: ${why}`);
  // New messages were checked on arrival. So this one is older than that check, damaged, or from changed settings.
  const rejected = (message: Uint8Array, error: Error): void => {
    if (config.useEventFile) throw error;
    if (error.name === 'ChainIdError' && !setsAside) {
      throw new Error(`${error.message}; with --set-aside the disk buffer's events of other chains are set aside`, {
        cause: error,
      });
    }
    keep(message, error.message);
  };
  // A core that is disconnected asks where to begin. Files cannot ask, so a gap in them is an error.
  const gap = (error: Error): void => {
    if (config.useEventFile) throw error;
    warn(
      `${error.message}; later events are left out until it arrives, and the core is disconnected so that it asks again`,
    );
    disconnect$.next(error);
  };
  const core = coreLink(stored, notices.pipe(ofType('Waiting')));

  const messages = eventSource(config, {
    blockOf,
    bufferDirectory: join(directory, 'buffer'),
    sync: 'onBlock',
    done$,
    inbound: pipe(core.listen, takeUntil(merge(stop$, core.upgraded$)), tap(meter.received)),
    validate: wrongWith(chainId),
    disconnect$,
    replies$: core.replies$,
    listening,
    notices,
    ...(inproc && { inproc }),
    ...(jetStream && { jetStream }),
  });
  const events: Pausable<VegaEvent> = (pause$, settlement) =>
    messages(pause$, settlement).pipe(
      tap(meter.given),
      eventsOf(chainId, rejected),
      eachOnce(stored, gap),
      tap(meter.decoded),
    );
  const shared = fanOut(events, { expectedSubscribers: 2, bufferSize: branchBuffer(config) });

  const broker = eventBroker<VegaEvent>({ unlisted: ['TxError'] });
  const prices = new Map<string, string>();
  broker.subscribe({
    name: 'prices',
    required: false,
    types: ['Trade'],
    capacity: config.eventBusClientBufferSize,
    next: ({ payload: { marketId, price } }) => void prices.set(marketId, price),
  });

  const blocks$ = storeMarket(shared, database, {
    chainId,
    onFailure: config.panicOnError && !setsAside ? 'stop' : 'continue',
    onUpgrade: core.upgrade,
    notices: {
      next: notice => {
        notices.next(notice);
        if (!setsAside || notice.type !== 'Failed') return;
        try {
          for (const event of notice.events) keep(encodeEvent(event), 'it could not be stored');
        } catch (thrown) {
          const error = thrown as Error;
          // if the observer of notices throws, nothing else ends
          lost$.error(error);
        }
      },
    },
  }).pipe(
    tap(block => {
      done$.next(block.hash);
      core.committed(block);
      meter.committed(block);
    }),
  );

  const work$ = merge(broker.receive(shared).pipe(ignoreElements()), blocks$).pipe(
    finalize(() => {
      broker.close();
      lost$.complete();
    }),
  );
  return merge(
    lost$,
    work$,
    broker.notices$.pipe(
      tap(notice => notices.next(notice)),
      ignoreElements(),
    ),
  );
};
