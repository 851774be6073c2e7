/** @ts-ignore: without fast-check its types are `any` */
import type * as FastCheck from 'fast-check';
import type { BusEvent } from '../../event/BusEvent.js';
import {
  anything,
  checkOption,
  checkOptions,
  count,
  having,
  needed,
  text,
  type Check,
} from '../../flow/contract/options.js';
import { eventOf } from './eventOf.js';

/** The part of fast-check that is used. You pass the module in, so other programs need not install it. */
export type FastCheckModule = Pick<
  typeof FastCheck,
  'array' | 'boolean' | 'constant' | 'constantFrom' | 'integer' | 'nat' | 'record' | 'tuple'
>;

/**
 * Options of `eventArbitraries`.
 * @see node_modules/rx-event-broker/docs/testing/guide.md
 */
export interface EventArbitraryOptions<Type extends string, Payload> {
  /** The event types, at least one. A failing test case shrinks to the first type. */
  readonly types: readonly [Type, ...Type[]];
  /** The arbitrary of payloads. Default: always `null`. */
  readonly payload?: FastCheck.Arbitrary<Payload>;
  /** The chain id of every event. Default `test-chain`. */
  readonly chainId?: string;
  /** The largest number of events in a block. Default 8, at least 1. */
  readonly maxEvents?: number;
  /** The largest number of blocks in a stream. Default 8. With 0 every stream is empty. */
  readonly maxBlocks?: number;
}

/** The arbitraries that `eventArbitraries` returns. */
export interface EventArbitraries<Type extends string, Payload> {
  /** One event at any place in a chain. */
  readonly event: FastCheck.Arbitrary<BusEvent<Type, Payload>>;
  /** The events of one block. Sequences start at 1. */
  readonly block: FastCheck.Arbitrary<readonly BusEvent<Type, Payload>[]>;
  /** The events of consecutive blocks from any height. There may be two blocks at the first height. May be empty. */
  readonly stream: FastCheck.Arbitrary<readonly BusEvent<Type, Payload>[]>;
}

/**
 * Creates fast-check arbitraries of well-formed events (promise F6: `verifySequence` passes every stream). They shrink
 * to few events of the first type in block 1.
 *
 * In a block, the `sequence` of an event is that of the event before plus that event's `compositeCount`, which may be 0. All events
 * of a block have the block's hash as `traceId`. Two blocks at the first height have different hashes, as in recordings.
 *
 * @param fc - The module fast-check.
 * @param options - The event types, and the numbers of events and blocks.
 * @example
 * ```ts
 * const { stream } = eventArbitraries(fc, { types: ['Order', 'Trade'] });
 * fc.assert(fc.property(stream, events => keepsOrder(events)));
 * ```
 * @see node_modules/rx-event-broker/docs/testing/guide.md
 */
export const eventArbitraries = <const Type extends string, Payload = null>(
  fc: FastCheckModule,
  options: EventArbitraryOptions<Type, Payload>,
): EventArbitraries<Type, Payload> => {
  checkOption('fc', fc, needed(having('the module fast-check', 'record', 'array', 'tuple')));
  checkOptions('eventArbitraries', options, {
    types: needed(someTypes),
    payload: anything,
    chainId: text,
    maxEvents: count(1),
    maxBlocks: count(0),
  });
  const { types, chainId = 'test-chain', maxEvents = 8, maxBlocks = 8 } = options;
  const payload =
    options.payload ?? (fc.constant(null) as FastCheck.Arbitrary<unknown> as FastCheck.Arbitrary<Payload>);
  const record = fc.record({ type: fc.constantFrom(...types), payload, compositeCount: fc.nat({ max: 3 }) });
  const records = fc.array(record, { minLength: 1, maxLength: maxEvents });
  const height = fc.integer({ min: 1, max: 1_000_000 });

  const place = (of: readonly Recorded<Type, Payload>[], blockNr: number, traceId: string) => {
    let sequence = 1;
    return of.map(({ type, ...rest }) => {
      const event = eventOf<Type, Payload>(type, { ...rest, chainId, blockNr, traceId, sequence });
      sequence += event.compositeCount;
      return event;
    });
  };
  const hash = (blockNr: number): string => `block-${blockNr}`;

  return {
    event: fc
      .tuple(record, height, fc.integer({ min: 1, max: 1000 }))
      .map(([{ type, ...rest }, blockNr, sequence]) =>
        eventOf<Type, Payload>(type, { ...rest, chainId, blockNr, sequence }),
      ),
    block: fc.tuple(records, height).map(([of, blockNr]) => place(of, blockNr, hash(blockNr))),
    stream: fc
      .tuple(fc.array(records, { maxLength: maxBlocks }), height, fc.boolean())
      .map(([blocks, first, twice]) => {
        const twin = twice ? blocks.slice(0, 1).flatMap(of => place(of, first, `${hash(first)}-twin`)) : [];
        return [...twin, ...blocks.flatMap((of, i) => place(of, first + i, hash(first + i)))];
      }),
  };
};

const someTypes: Check = {
  expected: 'an array of at least one type',
  allows: types => Array.isArray(types) && types.length > 0 && types.every(type => typeof type === 'string'),
};

type Recorded<Type, Payload> = { readonly type: Type; readonly payload: Payload; readonly compositeCount: number };
