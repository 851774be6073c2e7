// A React component that shows the counters of a broker: useSnapshot.ts is the hook.
// Look at the second line: it was rendered after two events, although the component has no effect of its own.
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { eventBroker } from 'rx-event-broker';
import { useSnapshot } from './useSnapshot.js';

type Tick = { readonly type: 'Tick' };

export const main = (print: (line: string) => void): void => {
  const broker = eventBroker<Tick>();
  broker.subscribe({ name: 'log', required: true, next: () => undefined });
  const Counters = () => {
    const { sent, subscribers } = useSnapshot(broker);
    return createElement('output', null, `${sent} sent, ${subscribers[0]?.delivered ?? 0} delivered`);
  };
  print(renderToString(createElement(Counters)));
  broker.send({ type: 'Tick' });
  broker.send({ type: 'Tick' });
  print(renderToString(createElement(Counters)));
};
