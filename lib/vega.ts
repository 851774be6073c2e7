export { attachVegaTime, type OrderEventWithVegaTime } from './vega/attachVegaTime.js';
export { blockMark } from './vega/blockMark.js';
export { blockOf } from './vega/blockOf.js';
export { compositeCount } from './vega/compositeCount.js';
export { encodeEvent, type EncodableEvent } from './vega/encodeEvent.js';
export { EncodeError } from './vega/EncodeError.js';
export { type EventType, eventTypes, type VegaType } from './vega/eventTypes.js';
export { Market } from './vega/Market.js';
export { payloadCodecs, type VegaPayload } from './vega/payloadCodecs.js';
export { Account, Party } from './vega/payloads/parties.js';
export { Asset, MarketData, MarketTick, Trade } from './vega/payloads/markets.js';
export {
  BeginBlock,
  CoreSnapshotData,
  EndBlock,
  EpochEvent,
  ProtocolUpgradeDataNodeReady,
  ProtocolUpgradeStarted,
  TimeUpdate,
} from './vega/payloads/blocks.js';
export { CancelledOrders, ExpiredOrders, Order } from './vega/payloads/orders.js';
export { sequencer } from './vega/sequencer.js';
export { vegaDecoder } from './vega/vegaDecoder.js';
export type { VegaEvent } from './vega/VegaEvent.js';
export type { Field } from './vega/wire/Field.js';
export { message, type MessageCodec } from './vega/wire/message.js';
export { bytes, text, texts } from './vega/wire/contents.js';
export { bool, choice, count, int64, uint64 } from './vega/wire/scalars.js';
