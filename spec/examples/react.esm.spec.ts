import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Window } from 'happy-dom';
import { act, createElement, StrictMode, useEffect } from 'react';
import type { Root } from 'react-dom/client';
import { Subject } from 'rxjs';
import { eventBroker } from '../../lib/index.js';
import { useSnapshot } from '../../examples/react/useSnapshot.js';

type Tick = { readonly type: 'Tick' };
const tick: Tick = { type: 'Tick' };

const page = new Window();
/** What react-dom looks for. */
const globals = { window: page, document: page.document, navigator: page.navigator, IS_REACT_ACT_ENVIRONMENT: true };
const kept = Object.getOwnPropertyDescriptors(globalThis) as Record<string, PropertyDescriptor>;
let createRoot: (container: Element) => Root;

beforeAll(async () => {
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  ({ createRoot } = await import('react-dom/client'));
});
afterAll(async () => {
  await page.happyDOM.close();
  for (const name of Object.keys(globals)) {
    Reflect.deleteProperty(globalThis, name);
    if (kept[name] !== undefined) Object.defineProperty(globalThis, name, kept[name]);
  }
});

/** A page that shows how many were sent, and counts its renderings. */
const counting = () => {
  const broker = eventBroker<Tick>();
  let renders = 0;
  const Counters = ({ atEffect }: { readonly atEffect?: () => void }) => {
    renders++;
    const { sent, subscribers } = useSnapshot(broker);
    useEffect(() => atEffect?.(), [atEffect]);
    return createElement('output', null, `${sent} ${subscribers[0]?.delivered ?? 0}`);
  };
  const container = page.document.createElement('div') as unknown as Element;
  const root = createRoot(container);
  return { broker, Counters, container, root, rendered: () => renders };
};

describe('a React hook of useSyncExternalStore', () => {
  test('I8c renders once for what happens in one turn, and shows the last of it', async () => {
    const { broker, Counters, container, root, rendered } = counting();
    const work$ = new Subject<void>();
    broker.subscribe({ required: true, next: () => work$ });
    await act(async () => root.render(createElement(Counters)));
    expect([container.textContent, rendered()]).toEqual(['0 0', 1]);
    await act(async () => {
      for (let n = 0; n < 10; n++) broker.send(tick);
    });
    expect([container.textContent, rendered()]).toEqual(['10 0', 2]);
    await act(async () => work$.complete());
    expect([container.textContent, rendered()]).toEqual(['10 10', 3]);
    await act(async () => root.unmount());
  });

  test('I8a does not render again while nothing changes, also in strict mode', async () => {
    const { broker, Counters, container, root, rendered } = counting();
    await act(async () => root.render(createElement(StrictMode, null, createElement(Counters))));
    const before = rendered();
    await act(async () => {
      broker.snapshot();
      broker.subscribe({ required: true, next: () => {} }).unsubscribe();
    });
    expect([container.textContent, rendered()]).toEqual(['0 0', before]);
    await act(async () => root.unmount());
  });

  test('I8c does not miss what happens between its first rendering and its effect', async () => {
    const { broker, Counters, container, root } = counting();
    const atEffect = () => void broker.send(tick);
    await act(async () => root.render(createElement(Counters, { atEffect })));
    expect(container.textContent).toBe('1 0');
    await act(async () => root.unmount());
  });
});
