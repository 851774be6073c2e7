import { useCallback, useSyncExternalStore } from 'react';
import type { BrokerSnapshot, EventBroker, AnyEvent } from 'rx-event-broker';

/** The counters of a broker. The component renders again after they have changed, at most once per microtask. */
export const useSnapshot = <E extends AnyEvent>(broker: EventBroker<E>): BrokerSnapshot => {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const subscription = broker.changes$.subscribe(onChange);
      return () => subscription.unsubscribe();
    },
    [broker],
  );
  const read = () => broker.snapshot();
  return useSyncExternalStore(subscribe, read, read);
};
