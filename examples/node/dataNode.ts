// socket ──► disk buffer ──► decode ──► each once ──► fan-out ──┬──► event broker ──► prices (optional)
//    ▲                                                          └──► block store ──► one transaction a block
//    └── how far it is ◄── committed blocks: what the disk buffer may forget ◄──┘
import { join } from 'node:path';
import { finalize, ignoreElements, merge, type Observable, pipe, Subject, takeUntil, tap } from 'rxjs';
import { eventBroker, fanOut, ofType } from 'rx-event-broker';
import type { CommittedBlock, Notice, Pausable } from 'rx-event-broker';
import { eventSource, type Inproc } from 'rx-event-broker/node';
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
  /** Its first value ends the intake; what has been taken is finished. */
  readonly stop$: Observable<unknown>;
  readonly meter: Meter;
  /** Where `transportType` is `inproc`. */
  readonly inproc?: Inproc;
  readonly listening: { readonly next: (address: { readonly host: string; readonly port: number }) => void };
  /** What the parts tell, and tell one another: that the core is gone. */
  readonly notices: Subject<Notice>;
  /** Where messages go that are no events of this chain. */
  readonly aside: SetAside;
  /** Whether events of another chain, and those that cannot be stored, are set aside, too. Else they end the node. */
  readonly setsAside: boolean;
  /** Told what was set aside, and where the events have a gap. */
  readonly warn: (text: string) => void;
}

/** A data node at work: emits the blocks that it commits; completes when it was stopped, or an upgrade is due. */
export const dataNode = (options: DataNodeOptions): Observable<CommittedBlock> => {
  const { config, chainId, directory, database, stored, stop$, meter, inproc, listening, notices } = options;
  const { aside, setsAside, warn } = options;
  const done$ = new Subject<string>();
  const disconnect$ = new Subject<Error>();
  const lost$ = new Subject<never>();
  const keep = (message: Uint8Array, why: string): void => warn(`set aside in ${aside.keep(message)}: ${why}`);
  // What the door let in was in order: this is from before it was there, damaged, or of settings that have changed.
  const refused = (message: Uint8Array, error: Error): void => {
    if (config.useEventFile) throw error;
    if (error.name === 'ChainIdError' && !setsAside) {
      throw new Error(`${error.message}; with --set-aside the disk buffer's events of other chains are set aside`, {
        cause: error,
      });
    }
    keep(message, error.message);
  };
  // A core that is cut off asks where to begin. Files are what they are.
  const gap = (error: Error): void => {
    if (config.useEventFile) throw error;
    warn(`${error.message}; what follows is left out until it comes, and the core is cut off to begin anew`);
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
  });
  const events: Pausable<VegaEvent> = pause$ =>
    messages(pause$).pipe(tap(meter.given), eventsOf(chainId, refused), eachOnce(stored, gap), tap(meter.decoded));
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
          // the observer of notices may throw what it likes: nobody ends because of that
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
