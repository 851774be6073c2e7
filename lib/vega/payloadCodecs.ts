import type * as t from 'io-ts';
import type { VegaType } from './eventTypes.js';
import { Account } from './payloads/Account.js';
import { Asset } from './payloads/Asset.js';
import { BeginBlock } from './payloads/BeginBlock.js';
import { CancelledOrders } from './payloads/CancelledOrders.js';
import { CoreSnapshotData } from './payloads/CoreSnapshotData.js';
import { EndBlock } from './payloads/EndBlock.js';
import { EpochEvent } from './payloads/EpochEvent.js';
import { ExpiredOrders } from './payloads/ExpiredOrders.js';
import { MarketData } from './payloads/MarketData.js';
import { MarketTick } from './payloads/MarketTick.js';
import { Order } from './payloads/Order.js';
import { Party } from './payloads/Party.js';
import { ProtocolUpgradeDataNodeReady } from './payloads/ProtocolUpgradeDataNodeReady.js';
import { ProtocolUpgradeStarted } from './payloads/ProtocolUpgradeStarted.js';
import { TimeUpdate } from './payloads/TimeUpdate.js';
import { Trade } from './payloads/Trade.js';

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
