import type { AnyEvent } from '../event/AnyEvent.js';
import type { EventBroker } from '../broker/Broker.js';
import { REPLAYED } from '../broker/CurrentCall.js';
import { INSPECTABLE, type Inspectable } from '../broker/Inspectable.js';
import { OptionError } from '../flow/contract/OptionError.js';
import { anything, checkOptions, text } from '../flow/contract/options.js';
import { InspectedFlow } from './InspectedFlow.js';
import { Inspecting, type InspectorOptions } from './inspector.js';
import type { Inspector } from '../flow/contract/Inspector.js';
import type { RecordObserver } from './Recorder.js';

/**
 * Options of `inspect`.
 * @see node_modules/rx-event-broker/docs/finding-what-is-stuck.md
 */
export interface InspectOptions<E> extends Omit<InspectorOptions, 'keyOf'> {
  /** The name of the broker in its records. Default: `broker 1`, `broker 2` … */
  readonly name?: string;
  /**
   * Returns the key of an event, which its records contain as text. It is called outside of deliveries, when records are handed
   * over. If it throws, the record has no key. Default: records have no key.
   */
  readonly keyOf?: (event: E) => unknown;
}

/**
 * Records what happens in a broker: each delivery that was offered, began, ended, failed or was dropped, with its subscriber and
 * the time (promise Y1: records of what happens). Existing subscribers are included. Without an inspection, a broker has no cost.
 *
 *     broker       a dispatched to two subscribers
 *     records      opened subscribed subscribed │ offered began ended  offered dropped │ stopped
 *
 * If it is called inside a delivery, recording begins when the current dispatch has finished. It ends with the returned function,
 * or when the broker has closed. Then the observer is completed, unless it is an `inspector`.
 *
 * Returns a function that stops recording and hands over the remaining records. Throws `OptionError` if `broker` is not a broker,
 * or if an option is invalid.
 *
 * @param broker - A broker from `eventBroker`.
 * @param observer - A function, or an observer such as `recordTo(path)`, or an `inspector`, which has its own options.
 * @param options - How many records are kept, the key of an event, and the name of the broker. All are optional.
 * @example
 * ```ts
 * const stop = inspect(broker, recordTo('incident.jsonl'));
 * ```
 * @see node_modules/rx-event-broker/docs/finding-what-is-stuck.md
 */
export const inspect = <E extends AnyEvent>(
  broker: EventBroker<E>,
  observer: RecordObserver | Inspector,
  options: InspectOptions<NoInfer<E>> = {},
): (() => void) => {
  const inspectable = (broker as { readonly [INSPECTABLE]?: Inspectable<E> } | null | undefined)?.[INSPECTABLE];
  if (inspectable === undefined) throw new OptionError('broker', 'a broker, as eventBroker() gives it', broker);
  const { name, ...others } = checkOptions('inspect', options, { name: text, capacity: anything, keyOf: anything });
  const isShared = observer instanceof Inspecting;
  if (isShared) checkOptions('inspect, with an inspector', others, {});
  const inspecting = isShared ? observer : new Inspecting(observer as RecordObserver, others, true);
  let isStopped = false;
  let leave = (): void => undefined;
  inspectable.dispatcher.later(() => {
    if (!isStopped) leave = record(inspectable, inspecting, name);
  });
  return () => {
    isStopped = true;
    if (isShared) leave();
    else inspecting.stop();
  };
};

/** The number of the event that is being dispatched. A replayed event has none, because it was numbered when it was sent. */
const numberIn = ({ call, routes }: Inspectable<never>['dispatcher']): number | undefined =>
  call.place === REPLAYED ? undefined : routes.sent;

const record = <E>(broker: Inspectable<E>, inspecting: Inspecting, name: string | undefined): (() => void) => {
  const { notices, dispatcher, scheduler } = broker;
  // an existing inspection may come from another copy of the package
  const running = notices.hasEnded ? undefined : (notices.tap as InspectedFlow<E> | undefined);
  const flow = running ?? new InspectedFlow<E>('broker', scheduler, () => numberIn(dispatcher));
  if (running === undefined && !notices.hasEnded) broker.inspect(flow);
  const leave = inspecting.record(flow, 'broker', name, () => {
    if (!flow.isRecorded) broker.inspect(undefined);
  });
  if (notices.hasEnded) flow.closed();
  else if (!flow.isRecorded) broker.inspect(undefined);
  return leave;
};
