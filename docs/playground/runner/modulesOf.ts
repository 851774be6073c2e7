import * as rxjs from 'rxjs';
import * as rxjsTesting from 'rxjs/testing';
import * as library from 'rx-event-broker';
import * as inspecting from 'rx-event-broker/inspect';
import * as testing from 'rx-event-broker/testing';
import { playgroundOf } from './playground.js';
import type { Stage } from './Stage.js';

type Module = Readonly<Record<string, unknown>>;
type Options = Readonly<Record<string, unknown>>;

/** What a program can import, by name. */
export const modulesOf = (stage: Stage, extras: Readonly<Record<string, Module>>): ReadonlyMap<string, Module> =>
  new Map<string, Module>([
    ['rxjs', rxjs],
    ['rxjs/operators', rxjs],
    ['rxjs/testing', rxjsTesting],
    ['rx-event-broker', inspected(stage)],
    ['rx-event-broker/inspect', inspecting],
    ['rx-event-broker/testing', testing],
    ['playground', { ...playgroundOf(stage) }],
    ...Object.entries(extras),
  ]);

/** The library, where each broker and each operator that can be inspected is. */
const inspected = (stage: Stage): Module => ({
  ...library,
  eventBroker: (...args: Parameters<typeof library.eventBroker>) => {
    const broker = library.eventBroker(...args);
    inspecting.inspect(broker, stage.inspector);
    // eslint-disable-next-line rxjs-x/no-ignored-error -- Notices never error.
    broker.notices$.subscribe(notice => stage.notice(notice));
    return broker;
  },
  backpressure: withInspector(stage, library.backpressure),
  fanOut: withInspector(stage, library.fanOut),
});

/** The options of an operator are its last argument. What is no object is left for the library to reject. */
const withInspector =
  (stage: Stage, operator: unknown) =>
  (...args: readonly unknown[]): unknown => {
    const options = args.at(-1);
    if (typeof options !== 'object' || options === null) return (operator as (...of: unknown[]) => unknown)(...args);
    const { notices } = options as { readonly notices?: { readonly next?: (notice: unknown) => void } };
    const both = {
      next: (notice: library.Notice) => {
        stage.notice(notice);
        notices?.next?.(notice);
      },
    };
    const all: Options = { inspect: stage.inspector, ...options, notices: both };
    return (operator as (...of: unknown[]) => unknown)(...args.slice(0, -1), all);
  };
