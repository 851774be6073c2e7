import { ModelBroker } from './ModelBroker.js';
import { RealBroker } from './RealBroker.js';
import { unreadable } from './odd.js';
import type { Answer } from './Taking.js';
import {
  numbers,
  type Act,
  type Answers,
  type Handle,
  type Keeps,
  type Sent,
  type Tears,
  type Type,
  type World,
} from './World.js';

/** How a subscriber leaves from inside its own delivery. */
type Leaving = 'unsubscribe' | 'closed' | 'break';

/** What a subscriber does inside its next delivery. One that throws does so `times` times, and may leave in the last. */
type Inside =
  | Act
  | {
      readonly do: 'throw';
      readonly times: number;
      readonly leaves: boolean;
      /** By a `then` that cannot be read, or cannot be called. Default: itself. */
      readonly by?: 'getterThrows' | 'thenThrows' | undefined;
      readonly how?: Leaving;
    }
  | { readonly do: 'leave'; readonly how: Leaving }
  /** How what takes its failures answers, that many times. */
  | { readonly do: 'answer'; readonly how: Answer; readonly times: number }
  /** The arrays that it knows: that of the batch that was sent last, and that which it was given. */
  | { readonly do: 'changeBatch'; readonly how: 'grow' | 'empty' };

/**
 * A step of a run: an act from outside, or one that `in` does inside its next delivery. `keep` is the first one, or there is none:
 * with it the broker has `replay`.
 */
export type Step =
  | Act
  | ({ readonly do: 'keep' } & Keeps)
  /**
   * `at`: not in its next delivery, but in the next call of what takes its failures, or in the next teardown of work of the
   * shape `torn`.
   */
  | { readonly do: 'arm'; readonly in: number; readonly act: Inside; readonly at?: At };

type At = 'taking' | 'teardown';

/** What the subscribers of one world do inside their deliveries, and the numbers of its events: the same in both. */
class Script {
  readonly log: string[] = [];
  readonly #armed = new Map<number, Inside[]>();
  readonly #armedTakes = new Map<number, Inside[]>();
  readonly #armedTears = new Map<number, Inside[]>();
  readonly #calls: number[] = [];
  world: World | undefined;
  readonly #met: Set<string>;
  #sent: Sent[] = [];
  #n = 0;

  constructor(met: Set<string>) {
    this.#met = met;
  }

  /** Does it, and returns the outcome. */
  act(act: Act): string {
    const world = this.world as World;
    try {
      switch (act.do) {
        case 'send':
          return String(world.send(this.#event(act.type, act.n)));
        case 'sendBatch':
          this.#sent = act.types.map(type => this.#event(type));
          return String(world.sendBatch(this.#sent));
        case 'sendOdd':
          return String(act.batch ? world.sendBatch(this.#oddBatch(act.what)) : world.send(this.#odd(act.what)));
        case 'break':
          world.break(act.who, act.what);
          return '';
        case 'observe':
          world.observe(act.level);
          return '';
        case 'listen':
          world.listen(act.how);
          return '';
        case 'console':
          world.console(act.how);
          return '';
        case 'acknowledge':
        case 'fail':
          world[act.do](act.who, act.nth, act.isFull);
          return '';
        case 'again':
          world.again(act);
          return '';
        case 'discard':
          world.discard(act.id);
          return '';
        case 'skip':
        case 'hold':
          world[act.do](act.who, act.level);
          return '';
        case 'subscribe':
          world.subscribe(act.member);
          return '';
        case 'emit':
          world.emit(this.#event(act.type, act.n));
          return '';
        case 'drain':
        case 'close':
        case 'receive':
        case 'read':
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

  arm(key: number, act: Inside, at?: At): void {
    const armed = at === undefined ? this.#armed : at === 'taking' ? this.#armedTakes : this.#armedTears;
    const acts = armed.get(key) ?? [];
    if (act.do === 'throw') for (let i = 1; i < act.times; i++) acts.push({ ...act, leaves: false });
    if (act.do === 'answer') for (let i = 1; i < act.times; i++) acts.push(act);
    armed.set(key, [...acts, act]);
  }

  readonly take: Answers = (call, key, events, isSlow) => {
    this.log.push(`${key} ${call} ${numbers(events)}`);
    const act = this.#armedTakes.get(key)?.shift();
    if (act?.do === 'answer') return act.how === 'no' && call !== 'only' ? 'done' : act.how;
    if (act !== undefined) this.#inside(key, act);
    return isSlow ? 'later' : 'done';
  };

  readonly tears: Tears = key => {
    const act = this.#armedTears.get(key)?.shift();
    if (act === undefined) return;
    this.#met.add('acts in a teardown');
    this.#inside(key, act);
  };

  readonly handle: Handle = (key, events, mode) => {
    const calls = (this.#calls[key] ?? 0) + 1;
    this.#calls[key] = calls;
    this.log.push(`${key} begins ${events.map(({ n }) => n).join(',')}`);
    const act = this.#armed.get(key)?.shift();
    if (act?.do === 'throw') {
      if (act.leaves) this.#leave(key, act.how ?? 'unsubscribe');
      return act.by ?? (mode === 'instant' ? 'instantFail' : 'throw');
    }
    if (act?.do === 'changeBatch') this.#change(act.how, events as Sent[]);
    else if (act !== undefined) this.#inside(key, act);
    if (mode === 'alternating') return calls % 2 === 0 ? 'later' : 'done';
    return mode === 'sync' ? 'done' : mode;
  };

  #inside(key: number, act: Inside): void {
    if (act.do === 'leave') this.#leave(key, act.how);
    else if (act.do !== 'throw' && act.do !== 'answer' && act.do !== 'changeBatch')
      this.log.push(`${key} does ${act.do} ${this.act(act)}`);
  }

  #leave(key: number, how: Leaving): void {
    this.#met.add('leaves inside');
    this.act(how === 'break' ? { do: 'break', who: key, what: 'skip' } : { do: how, who: key });
  }

  #change(how: 'grow' | 'empty', given: Sent[]): void {
    this.#met.add('batch changed');
    for (const events of [this.#sent, given]) {
      if (how === 'grow') events.push(this.#event('A'), this.#event('B'));
      else events.length = 0;
    }
  }

  #event(type: Type, n = this.#n + 1): Sent {
    this.#n = n;
    return { type, n };
  }

  #odd(what: (Act & { do: 'sendOdd' })['what']): Sent {
    if (what === 'unreadable') return unreadable(++this.#n);
    return (what === 'null' ? null : undefined) as unknown as Sent;
  }

  /** With a hole in it there is nothing at that place, not even `undefined`. */
  #oddBatch(what: (Act & { do: 'sendOdd' })['what']): readonly Sent[] {
    const batch = [this.#event('A'), this.#odd(what), this.#event('B')];
    return what === 'hole' ? Object.assign(new Array<Sent>(3), { 0: batch[0], 2: batch[2] }) : batch;
  }
}

/** What of both must be equal. */
export interface Seen {
  readonly expected: unknown;
  readonly actual: unknown;
}

const parks = (step: Step): boolean =>
  step.do === 'again' ||
  (step.do === 'subscribe' && step.member.takes !== undefined) ||
  (step.do === 'arm' && parks(step.act as Step));

/**
 * Whether it makes a run one with turns, in which Promises call back after a step: those of handlers, or those by which what is
 * parked is given again.
 */
export const turns = (step: Step): boolean =>
  parks(step) ||
  (step.do === 'subscribe' && step.member.shape === 'promise') ||
  (step.do === 'arm' && turns(step.act as Step));

/** Whether the next step comes before the callbacks of a Promise that this one settles. */
const isHasty = (step: Step): boolean => (step.do === 'acknowledge' || step.do === 'fail') && step.nth === 1;

/** Model and broker side by side. Every `step` gives what of both must be equal. */
export class Run {
  readonly #scripts: readonly [Script, Script];
  readonly model: ModelBroker;
  readonly real: RealBroker;
  /** It has parked something, or may: then every step has its turn. */
  #parks = false;

  constructor(first?: Step) {
    const maxPending = 12;
    const keeps = first?.do === 'keep' ? first : undefined;
    const met = new Set<string>();
    const expected = new Script(met);
    const actual = new Script(new Set());
    this.#scripts = [expected, actual];
    this.model = new ModelBroker(maxPending, expected.handle, expected.take, expected.tears, met, keeps);
    this.real = new RealBroker(maxPending, actual.handle, actual.take, actual.tears, keeps);
    expected.world = this.model;
    actual.world = this.real;
  }

  /** Does it to both, and gives what each answered. */
  do(step: Step): readonly string[] {
    if (parks(step)) this.#parks = true;
    const [expected, actual] = this.#scripts;
    if (step.do === 'keep') return ['', ''];
    if (step.do !== 'arm') return [expected.act(step), this.real.within(() => actual.act(step))];
    for (const script of this.#scripts) script.arm(step.in, step.act, step.at);
    return ['', ''];
  }

  /** Does what has been compared before. */
  replay(steps: readonly Step[]): void {
    this.real.checks = false;
    for (const step of steps) this.do(step);
    this.real.checks = true;
    this.#forget();
  }

  /** The same, with what follows each step. */
  async replayAndTurn(steps: readonly Step[]): Promise<void> {
    this.real.checks = false;
    for (const step of steps) {
      this.do(step);
      await this.turn();
    }
    this.real.checks = true;
    this.#forget();
  }

  step(step: Step): Seen {
    return this.#seen(this.do(step));
  }

  /** The same, and everything that follows without another step: what is parked is given again by Promises. */
  stepAndTurn(step: Step): Seen | Promise<Seen> {
    return isHasty(step) && !this.#parks ? this.step(step) : this.#stepAndTurn(step);
  }

  async #stepAndTurn(step: Step): Promise<Seen> {
    const answers = this.do(step);
    await this.turn();
    const { expected, actual } = this.#seen(answers);
    const parked = await this.real.parked();
    return { expected: [expected, this.model.parking.look()], actual: [actual, parked] };
  }

  /** What follows without another step happens. */
  async turn(): Promise<void> {
    await this.real.turn();
    this.model.turn();
  }

  #forget(): void {
    for (const { log } of [this.model, this.real, ...this.#scripts]) log.length = 0;
  }

  #seen([expected, actual]: readonly string[]): Seen {
    const [model, real] = this.#scripts;
    // what is equal so far is not compared again
    return {
      expected: { answer: expected, ...this.model.look(), calls: model.log.splice(0), ends: this.model.log.splice(0) },
      actual: { answer: actual, ...this.real.look(), calls: real.log.splice(0), ends: this.real.log.splice(0) },
    };
  }
}
