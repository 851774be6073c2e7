// The wire format in the words of an independent reader and writer, protobufjs: the field numbers written down once more.
import protobuf from 'protobufjs';

const proto = `syntax = "proto3";
message TimeUpdate { int64 timestamp = 1; }
message BeginBlock { uint64 height = 1; int64 timestamp = 2; string hash = 3; }
message EndBlock { uint64 height = 1; }
message EpochUpdate { uint64 seq = 1; int32 action = 2; int64 start_time = 3; int64 expire_time = 4; int64 end_time = 5; }
message SnapshotTaken { uint64 block_height = 1; string block_hash = 2; string core_version = 3; bool protocol_upgrade_block = 4; }
message ProtocolUpgradeStarted { uint64 last_block_height = 1; }
message ProtocolUpgradeDataNodeReady { uint64 last_block_height = 1; }
message ExpiredOrders { string market_id = 1; repeated string order_ids = 2; }
message CancelledOrders { string market_id = 1; string party_id = 2; repeated string order_ids = 3; }
message MarketTick { string id = 1; int64 time = 2; }
message Order { string id = 1; string market_id = 2; string party_id = 3; int32 side = 4; string price = 5; uint64 size = 6;
  uint64 remaining = 7; int32 time_in_force = 8; int32 type = 9; int64 created_at = 10; int32 status = 11; int64 expires_at = 12;
  string reference = 13; int64 updated_at = 15; uint64 version = 16; }
message Trade { string id = 1; string market_id = 2; string price = 3; uint64 size = 4; string buyer = 5; string seller = 6;
  int32 aggressor = 7; string buy_order = 8; string sell_order = 9; int64 timestamp = 10; int32 type = 11; }
message Account { string id = 1; string owner = 2; string balance = 3; string asset = 4; string market_id = 5; int32 type = 6; }
message MarketData { string mark_price = 1; string best_bid_price = 2; uint64 best_bid_volume = 3; string best_offer_price = 4;
  uint64 best_offer_volume = 5; string mid_price = 10; string market = 12; int64 timestamp = 13; uint64 open_interest = 14;
  int64 next_mark_to_market = 28; }
message Asset { string id = 1; bytes details = 2; int32 status = 3; }
message Party { string id = 1; }
message BusEvent { string id = 1; string block = 2; int32 type = 3; uint32 version = 4; string chain_id = 5; string tx_hash = 6; }
`;

/** Type, number on the wire, number of the payload's field: of the types with a codec. */
export const withCodec = {
  TimeUpdate: [2, 101],
  Order: [5, 104],
  Account: [6, 105],
  Party: [7, 106],
  Trade: [8, 107],
  MarketData: [12, 111],
  Asset: [18, 117],
  MarketTick: [19, 118],
  EpochUpdate: [31, 131],
  BeginBlock: [49, 148],
  EndBlock: [50, 149],
  ProtocolUpgradeStarted: [51, 150],
  SnapshotTaken: [54, 153],
  ExpiredOrders: [57, 156],
  CancelledOrders: [89, 187],
} as const;
export type WithCodec = keyof typeof withCodec;
export const codecNames = Object.keys(withCodec) as WithCodec[];

const payloadFields = Object.entries(withCodec).map(([name, [, field]]) => `${name} ${name}_ = ${field};`);
const whole = proto.replace('message BusEvent {', `message WholeEvent { ${payloadFields.join(' ')}`);
const { root } = protobuf.parse(proto);
export const envelopeType = root.lookupType('BusEvent');
/** An event with its payload, if that has a codec. */
export const wholeType = protobuf.parse(whole).root.lookupType('WholeEvent');
export const payloadType = (name: string): protobuf.Type => root.lookupType(name);
