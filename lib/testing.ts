export { IncidentError } from './testing/incident/IncidentError.js';
export { marbleTestOf } from './testing/incident/marbleTestOf.js';
export { eventArbitraries } from './testing/events/eventArbitraries.js';
export type { EventArbitraries, EventArbitraryOptions, FastCheckModule } from './testing/events/eventArbitraries.js';
export { eventOf } from './testing/events/eventOf.js';
export type { EventFields } from './testing/events/eventOf.js';
export type { MarbleHelpers } from './testing/marbles/MarbleHelpers.js';
export { MarbleMismatchError } from './testing/marbles/MarbleMismatchError.js';
export type { PausableCold } from './testing/marbles/pausableCold.js';
export { runMarbles } from './testing/marbles/runMarbles.js';
export type { SubscriptionTimes } from './testing/marbles/TestMessage.js';
export type { DeliveryMarbles } from './testing/probes/deliveryRows.js';
export type {
  OptionalProbe,
  OptionalProbeOptions,
  RequiredProbe,
  RequiredProbeOptions,
} from './testing/probes/Probe.js';
export { LawBrokenError } from './testing/laws/LawBrokenError.js';
export { operatorLaws } from './testing/laws/operatorLaws.js';
export type { OperatorSupport, OperatorUnderTest, TestFunction } from './testing/laws/OperatorUnderTest.js';
export { sourceContract } from './testing/laws/sourceContract.js';
export { settledSourceContract } from './testing/laws/settledSourceContract.js';
export type { SettledBacking, SettledSourceUnderTest } from './testing/laws/SettledSourceUnderTest.js';
export type { AsyncTestFunction, SourceSupport, SourceUnderTest } from './testing/laws/SourceUnderTest.js';
export { storeContract, type StoreContractOptions } from './testing/storeContract.js';
export type { StoreUnderTest } from './testing/StoreUnderTest.js';
export { parkingContract, type ParkingContractOptions } from './testing/parkingContract.js';
export type { ParkedTestEvent, ParkingUnderTest } from './testing/ParkingUnderTest.js';
