import { ModelBroker } from './ModelBroker.js';
import { RealBroker } from './RealBroker.js';
import type { Act, Mode, Outcome, Sent, Type, World } from './World.js';

/** What a subscriber does inside its next delivery. One that throws does so `times` times, and may leave in the last. */
type Inside = Act | { readonly do: 'throw'; readonly times: number; readonly leaves: boolean };

/** A step of a run: an act from outside, or one that `in` does inside its next delivery. */
export type Step = Act | { readonly do: 'arm'; readonly in: number; readonly act: Inside };

/** What the subscribers of one world do inside their deliveries, and the numbers of its events: the same in both. */
class Script {
  readonly log: string[] = [];
  readonly #armed = new Map<number, Inside[]>();
  readonly #modes: Mode[] = [];
  readonly #calls: number[] = [];
  world: World | undefined;
  #n = 0;

  /** Does it, and tells how it went. */
  act(act: Act): string {
    const world = this.world as World;
    try {
      switch (act.do) {
        case 'send':
          return String(world.send(this.#event(act.type)));
        case 'sendBatch':
          return String(world.sendBatch(act.types.map(type => this.#event(type))));
        case 'skip':
        case 'hold':
          world[act.do](act.who, act.level);
          return '';
        case 'subscribe':
          world.subscribe(act.member);
          this.#modes.push(act.member.mode);
          return '';
        case 'drain':
        case 'close':
          world[act.do]();
          return '';
        default:
          world[act.do](act.who);
          return '';
      }
    } catch (error) {
      const { name, message } = error as Error;
      return name === 'Error' ? message : name;
    }
  }

  arm(key: number, act: Inside): void {
    const acts = this.#armed.get(key) ?? [];
    if (act.do === 'throw') for (let i = 1; i < act.times; i++) acts.push({ ...act, leaves: false });
    this.#armed.set(key, [...acts, act]);
  }

  readonly handle = (key: number, events: readonly Sent[]): Outcome => {
    const calls = (this.#calls[key] ?? 0) + 1;
    this.#calls[key] = calls;
    this.log.push(`${String(key)} begins ${events.map(({ n }) => n).join(',')}`);
    const act = this.#armed.get(key)?.shift();
    const mode = this.#modes[key - 1] ?? 'sync';
    if (act?.do === 'throw') {
      if (act.leaves) this.act({ do: 'unsubscribe', who: key });
      return mode === 'instant' ? 'instantFail' : 'throw';
    }
    if (act !== undefined) this.log.push(`${String(key)} does ${act.do} ${this.act(act)}`);
    if (mode === 'alternating') return calls % 2 === 0 ? 'later' : 'done';
    return mode === 'sync' ? 'done' : mode;
  };

  #event(type: Type): Sent {
    return { type, n: ++this.#n };
  }
}

/** Model and broker side by side. Every `step` gives what of both must be equal. */
export class Run {
  readonly #scripts = [new Script(), new Script()] as const;
  readonly model: ModelBroker;
  readonly real: RealBroker;

  constructor(maxPending = 12) {
    const [expected, actual] = this.#scripts;
    this.model = new ModelBroker(maxPending, expected.handle);
    this.real = new RealBroker(maxPending, actual.handle);
    expected.world = this.model;
    actual.world = this.real;
  }

  /** Does it to both, and gives what each answered. */
  do(step: Step): readonly string[] {
    return this.#scripts.map(script => {
      if (step.do !== 'arm') return script.act(step);
      script.arm(step.in, step.act);
      return '';
    });
  }

  /** Does what has been compared before. */
  replay(steps: readonly Step[]): void {
    this.real.checks = false;
    for (const step of steps) this.do(step);
    this.real.checks = true;
    for (const { log } of [this.model, this.real, ...this.#scripts]) log.length = 0;
  }

  step(step: Step): { readonly expected: unknown; readonly actual: unknown } {
    const [expected, actual] = this.do(step);
    const [model, real] = this.#scripts;
    // what is equal so far is not compared again
    return {
      expected: { answer: expected, ...this.model.look(), calls: model.log.splice(0), ends: this.model.log.splice(0) },
      actual: { answer: actual, ...this.real.look(), calls: real.log.splice(0), ends: this.real.log.splice(0) },
    };
  }
}
