/** The types of a stream and their numbers on the wire (`BusEventType`); the names are in PascalCase. */
const streamTypes = {
  TimeUpdate: 2,
  LedgerMovements: 3,
  PositionResolution: 4,
  Order: 5,
  Account: 6,
  Party: 7,
  Trade: 8,
  MarginLevels: 9,
  Proposal: 10,
  Vote: 11,
  MarketData: 12,
  NodeSignature: 13,
  LossSocialization: 14,
  SettlePosition: 15,
  SettleDistressed: 16,
  MarketCreated: 17,
  Asset: 18,
  MarketTick: 19,
  Withdrawal: 20,
  Deposit: 21,
  Auction: 22,
  RiskFactor: 23,
  NetworkParameter: 24,
  LiquidityProvision: 25,
  MarketUpdated: 26,
  OracleSpec: 27,
  OracleData: 28,
  DelegationBalance: 29,
  ValidatorScore: 30,
  EpochUpdate: 31,
  ValidatorUpdate: 32,
  StakeLinking: 33,
  RewardPayoutEvent: 34,
  Checkpoint: 35,
  KeyRotation: 37,
  StateVar: 38,
  NetworkLimits: 39,
  Transfer: 40,
  ValidatorRanking: 41,
  Erc20MultiSigSignerEvent: 42,
  Erc20MultiSigSetThreshold: 43,
  Erc20MultiSigSignerAdded: 44,
  Erc20MultiSigSignerRemoved: 45,
  PositionState: 46,
  EthereumKeyRotation: 47,
  ProtocolUpgradeProposal: 48,
  BeginBlock: 49,
  EndBlock: 50,
  ProtocolUpgradeStarted: 51,
  SettleMarket: 52,
  TransactionResult: 53,
  SnapshotTaken: 54,
  DistressedOrdersClosed: 56,
  ExpiredOrders: 57,
  DistressedPositions: 58,
  StopOrder: 60,
  FundingPeriod: 61,
  FundingPeriodDataPoint: 62,
  TeamCreated: 63,
  TeamUpdated: 64,
  RefereeSwitchedTeam: 65,
  RefereeJoinedTeam: 66,
  ReferralProgramStarted: 67,
  ReferralProgramUpdated: 68,
  ReferralProgramEnded: 69,
  ReferralSetCreated: 70,
  RefereeJoinedReferralSet: 71,
  PartyActivityStreak: 72,
  VolumeDiscountProgramStarted: 73,
  VolumeDiscountProgramUpdated: 74,
  VolumeDiscountProgramEnded: 75,
  ReferralSetStatsUpdated: 76,
  VestingStatsUpdated: 77,
  VolumeDiscountStatsUpdated: 78,
  FeesStatsUpdated: 79,
  FundingPayments: 80,
  PaidLiquidityFeesStatsUpdated: 81,
  VestingSummary: 82,
  TransferFeesPaid: 83,
  TransferFeesDiscountUpdated: 84,
  PartyMarginModeUpdated: 85,
  PartyProfileUpdated: 86,
  TeamsStatsUpdated: 87,
  TimeWeightedNotionalPositionUpdated: 88,
  CancelledOrders: 89,
  GameScores: 90,
  Amm: 91,
  VolumeRebateProgramStarted: 92,
  VolumeRebateProgramUpdated: 93,
  VolumeRebateProgramEnded: 94,
  VolumeRebateStatsUpdated: 95,
  AutomatedPurchaseAnnounced: 96,
  TxError: 201,
} as const;

/** Types with a number that never come in a stream: the decoder rejects them (promise E2). */
const refusedTypes = {
  Unspecified: 0,
  All: 1,
  StreamStart: 36,
  ProtocolUpgradeDataNodeReady: 55,
  SpotLiquidityProvision: 59,
  Market: 101,
} as const;

/** Payloads whose protobuf name is not the type's name in snake case. */
const payloadNames: Readonly<Record<string, string>> = {
  EpochUpdate: 'epoch_event',
  RewardPayoutEvent: 'reward_payout',
  ValidatorRanking: 'ranking_event',
  Erc20MultiSigSignerEvent: 'erc20_multisig_signer_event',
  Erc20MultiSigSetThreshold: 'erc20_multisig_set_threshold_event',
  Erc20MultiSigSignerAdded: 'erc20_multisig_signer_added',
  Erc20MultiSigSignerRemoved: 'erc20_multisig_signer_removed',
  PositionState: 'position_state_event',
  ProtocolUpgradeProposal: 'protocol_upgrade_event',
  SnapshotTaken: 'core_snapshot_event',
  DistressedOrdersClosed: 'distressed_orders',
  FeesStatsUpdated: 'fees_stats',
  PaidLiquidityFeesStatsUpdated: 'paid_liquidity_fees_stats',
  TransferFeesPaid: 'transfer_fees',
  TransferFeesDiscountUpdated: 'transfer_fees_discount',
  TxError: 'tx_err_event',
};

/**
 * The name of a type of event that comes in a stream.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type VegaType = keyof typeof streamTypes;

/**
 * A type of event and its numbers on the wire.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export interface EventType {
  /** Its name in PascalCase, such as `TimeUpdate`. */
  readonly name: VegaType | keyof typeof refusedTypes;
  /** Its number in the envelope's `type`. */
  readonly number: number;
  /** The number of the envelope's field with its payload; `undefined` for four types without one. */
  readonly payloadField: number | undefined;
  /** The protobuf name of that field, such as `time_update`. */
  readonly payloadName: string;
  /** Whether it may come in a stream; a decoder rejects the others (promise E2). */
  readonly inStream: boolean;
}

const payloadFieldOf = (type: number): number | undefined => {
  if ((type >= 2 && type <= 28) || (type >= 37 && type <= 58)) return type + 99;
  if (type >= 29 && type <= 35) return type + 100;
  if (type >= 60 && type <= 96) return type + 98;
  return { 101: 1001, 201: 2001 }[type];
};

const snakeCase = (name: string): string => name.replace(/(?!^)[A-Z]/g, letter => '_' + letter).toLowerCase();

const describe = (inStream: boolean, types: Readonly<Record<string, number>>): readonly EventType[] =>
  Object.entries(types).map(([name, number]) => ({
    name: name as EventType['name'],
    number,
    payloadField: payloadFieldOf(number),
    payloadName: payloadNames[name] ?? snakeCase(name),
    inStream,
  }));

/**
 * All types of event: those of a stream, and six that a decoder rejects.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const eventTypes: readonly EventType[] = [...describe(true, streamTypes), ...describe(false, refusedTypes)];
