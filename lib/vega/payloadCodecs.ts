import type * as t from 'io-ts';
import type { VegaType } from './eventTypes.js';
import { Account, Party } from './payloads/parties.js';
import { Asset, MarketData, MarketTick, Trade } from './payloads/markets.js';
import {
  BeginBlock,
  CoreSnapshotData,
  EndBlock,
  EpochEvent,
  ProtocolUpgradeDataNodeReady,
  ProtocolUpgradeStarted,
  TimeUpdate,
} from './payloads/blocks.js';
import { CancelledOrders, ExpiredOrders, Order } from './payloads/orders.js';

/**
 * The codec of each type's payload, for the types that have one here.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const payloadCodecs = {
  TimeUpdate,
  Order,
  Account,
  Party,
  Trade,
  MarketData,
  Asset,
  MarketTick,
  EpochUpdate: EpochEvent,
  BeginBlock,
  EndBlock,
  ProtocolUpgradeStarted,
  SnapshotTaken: CoreSnapshotData,
  ProtocolUpgradeDataNodeReady,
  ExpiredOrders,
  CancelledOrders,
};

/** The type of `payloadCodecs`. */
type Codecs = typeof payloadCodecs;

/**
 * The payload of an event of this type; bytes if the type has no codec here (promise E3).
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type VegaPayload<T extends VegaType | keyof Codecs> = T extends keyof Codecs ? t.TypeOf<Codecs[T]> : Uint8Array;
