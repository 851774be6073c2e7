// socket ──► disk buffer ──► decode ──► verify ──► fan-out ──┬──► event broker ──► prices (optional)
//    ▲                                                       └──► block store ──► one transaction a block
//    └── how far it is ◄── committed blocks: what the disk buffer may forget ◄──┘
import { join } from 'node:path';
import { finalize, ignoreElements, merge, type Observable, pipe, Subject, takeUntil, tap } from 'rxjs';
import { deserialize, eventBroker, fanOut, ofType, verifyChain, verifySequence } from 'rx-event-broker';
import type { CommittedBlock, Notice, Pausable } from 'rx-event-broker';
import { eventSource, type Inproc } from 'rx-event-broker/node';
import { blockOf, vegaDecoder, type VegaEvent } from 'rx-event-broker/vega';
import type { OpenDatabase } from '../store/openDatabase.js';
import { storeMarket } from '../store/storeMarket.js';
import { branchBuffer } from './branchBuffer.js';
import { coreLink } from './coreLink.js';
import type { Meter } from './meter.js';
import type { Progress } from './progress.js';
import type { Settings } from './settings.js';
import { withoutRepeats } from './withoutRepeats.js';

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
}

/** A data node at work: emits the blocks that it commits; completes when it was stopped, or an upgrade is due. */
export const dataNode = (options: DataNodeOptions): Observable<CommittedBlock> => {
  const { config, chainId, directory, database, stored, stop$, meter, inproc, listening, notices } = options;
  const done$ = new Subject<string>();
  const core = coreLink(stored, notices.pipe(ofType('Waiting')));

  const messages = eventSource(config, {
    blockOf,
    bufferDirectory: join(directory, 'buffer'),
    sync: 'onBlock',
    done$,
    inbound: pipe(core.listen, takeUntil(merge(stop$, core.upgraded$)), tap(meter.received)),
    replies$: core.replies$,
    listening,
    notices,
    ...(inproc && { inproc }),
  });
  const events: Pausable<VegaEvent> = pause$ =>
    messages(pause$).pipe(
      tap(meter.given),
      deserialize(vegaDecoder, { notices }),
      verifyChain(chainId),
      withoutRepeats(stored),
      verifySequence(),
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
    onFailure: config.panicOnError ? 'stop' : 'continue',
    onUpgrade: core.upgrade,
    notices,
  }).pipe(
    tap(block => {
      done$.next(block.hash);
      core.committed(block);
      meter.committed(block);
    }),
  );

  const work$ = merge(broker.receive(shared).pipe(ignoreElements()), blocks$).pipe(finalize(() => broker.close()));
  return merge(work$, broker.notices$.pipe(tap(notices), ignoreElements()));
};
