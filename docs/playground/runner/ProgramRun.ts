import type { Failure, Report, Request } from '../Protocol.js';
import { compiled, lineOf, syntaxFailure } from './compiled.js';
import { formatted } from './formatted.js';
import { installClock, realNow } from './installClock.js';
import { modulesOf } from './modulesOf.js';
import { Stage } from './Stage.js';
import { VirtualClock } from './VirtualClock.js';

/** A request is answered after so many ms at the latest, if the program gives the chance. */
const SLICE = 30;

type Start = Request & { readonly kind: 'start' };

/** One program in one worker, from its start to its end. Its time goes on only while a request is answered. */
export class ProgramRun {
  readonly #clock = new VirtualClock();
  readonly #stage: Stage;
  readonly #modules: ReturnType<typeof modulesOf>;
  readonly #drained = macrotasks();
  #firstUncaught: Failure | undefined;

  constructor({ values, extras }: Start) {
    this.#stage = new Stage(values);
    installClock(this.#clock);
    this.#captureConsole();
    if (extras !== undefined) (0, eval)(extras);
    const { playgroundExtras = {} } = globalThis as { readonly playgroundExtras?: Record<string, never> };
    this.#modules = modulesOf(this.#stage, playgroundExtras);
  }

  get names(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries([...this.#modules].map(([name, module]) => [name, Object.keys(module).sort()]));
  }

  /** Begins the program, up to its first wait. */
  async start({ program }: Start): Promise<Report> {
    try {
      const run = compiled(program);
      run(this.#require, {}).catch((error: unknown) => this.#uncaught(error));
    } catch (error) {
      return { ...this.#report(false), failed: syntaxFailure(error) };
    }
    return { ...(await this.#advance(0)), names: this.names };
  }

  async answer(request: Exclude<Request, Start>): Promise<Report> {
    if (request.kind === 'control') {
      this.#stage.set(request.name, request.value);
      return this.#advance(this.#clock.now);
    }
    // What happens within the same millisecond is one step.
    if (request.kind === 'step') return this.#advance(this.#next ?? this.#clock.now);
    return this.#advance(request.to, request.kind === 'play');
  }

  readonly #require = (name: string): unknown => {
    const module = this.#modules.get(name);
    if (module !== undefined) return module;
    throw new Error(`cannot import "${name}" here; there are ${[...this.#modules.keys()].join(', ')}`);
  };

  get #next(): number | undefined {
    const times = [this.#clock.next, this.#stage.next].filter(time => time !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  async #advance(to: number, mayEnd = false): Promise<Report> {
    const until = realNow() + SLICE;
    await this.#drained();
    for (let next = this.#clock.next; next !== undefined && next <= to; next = this.#clock.next) {
      if (realNow() > until) return this.#report(true);
      try {
        this.#clock.fire();
      } catch (error) {
        this.#uncaught(error);
        if (error instanceof RangeError && error.message.endsWith('time does not go on')) {
          return { ...this.#report(false), failed: { text: error.message, line: undefined } };
        }
      }
      await this.#drained();
    }
    // A rejection that nobody handles is reported by a task of its own.
    await this.#drained();
    // A program ends with the last thing that happens in it.
    const isOver = mayEnd && this.#clock.next === undefined;
    this.#clock.passTo(isOver ? Math.min(to, this.#stage.last ?? this.#clock.now) : to);
    return this.#report(false);
  }

  #report(isBehind: boolean): Report {
    const { now } = this.#clock;
    return { ...this.#stage.take(now), now, next: this.#next, isBehind, uncaught: this.#firstUncaught };
  }

  #uncaught(error: unknown): void {
    const failure = { text: `Uncaught ${textOf(error)}`, line: lineOf(error) };
    this.#firstUncaught ??= failure;
    this.#stage.say('error', failure.text, failure.line);
  }

  #captureConsole(): void {
    for (const [name, kind] of [
      ['log', 'log'],
      ['info', 'log'],
      ['debug', 'log'],
      ['warn', 'warn'],
      ['error', 'error'],
    ] as const) {
      console[name] = (...values: readonly unknown[]) => this.#stage.say(kind, formatted(values));
    }
    addEventListener('unhandledrejection', event => {
      event.preventDefault();
      this.#uncaught(event.reason);
    });
    addEventListener('error', event => {
      event.preventDefault();
      this.#uncaught(event.error);
    });
  }
}

const textOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : formatted([error]);

/** Waits until all microtasks have run. A timer of the browser would take four ms. */
const macrotasks = (): (() => Promise<void>) => {
  const { port1, port2 } = new MessageChannel();
  let go = (): void => undefined;
  port1.onmessage = () => go();
  return () =>
    new Promise(resolve => {
      go = resolve;
      port2.postMessage(undefined);
    });
};
