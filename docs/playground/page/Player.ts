import type { Failure, Report, Request, Values } from '../Protocol.js';
import { Sandbox, UnresponsiveError } from './Sandbox.js';

/** What the player reports to. */
export interface Audience {
  /** A program begins: what was shown is of the one before it. */
  readonly began: () => void;
  readonly reported: (report: Report) => void;
  /** The program cannot go on. */
  readonly failed: (failure: Failure) => void;
}

/** The scripts of the worker. */
export interface Scripts {
  readonly runner: () => Promise<string>;
  /** For a program that imports what few do. */
  readonly extras: () => Promise<string>;
}

/** Runs one program at a time: starts it, lets its time go on, stops it. */
export class Player {
  readonly #host: ParentNode & Node;
  readonly #scripts: Scripts;
  readonly #audience: Audience;
  #sandbox: Sandbox | undefined;
  /** Requests are asked one after another. */
  #last: Promise<unknown> = Promise.resolve();
  #starts = 0;
  #now = 0;
  #next: number | undefined;

  constructor(host: ParentNode & Node, scripts: Scripts, audience: Audience) {
    this.#host = host;
    this.#scripts = scripts;
    this.#audience = audience;
  }

  /** Virtual time, in ms. */
  get now(): number {
    return this.#now;
  }

  /** Whether a program is there, and nothing will happen in it any more. */
  get isOver(): boolean {
    return this.#next === undefined;
  }

  /** Whether no program runs: none was started, or it was stopped. */
  get isStopped(): boolean {
    return this.#sandbox === undefined;
  }

  stop(): void {
    this.#starts++;
    this.#sandbox?.stop();
    this.#sandbox = undefined;
  }

  /** Starts a program, up to its first wait. */
  async start(program: string, values: Values): Promise<void> {
    this.stop();
    const starts = this.#starts;
    const needsExtras = /['"](io-ts|zod)['"]/.test(program);
    const scripts = await Promise.all([this.#scripts.runner(), needsExtras ? this.#scripts.extras() : undefined]).catch(
      (error: unknown) => String(error),
    );
    // Another one was started, or this one was stopped.
    if (starts !== this.#starts) return;
    if (typeof scripts === 'string') {
      this.#fail({ text: scripts, line: undefined });
      return;
    }
    const [runner, extras] = scripts;
    const sandbox = new Sandbox(this.#host, runner);
    this.#sandbox = sandbox;
    this.#now = 0;
    this.#next = 0;
    this.#audience.began();
    await this.#ask({ kind: 'start', program, values, extras });
  }

  /** Lets time go on up to `to`, however long that takes; in between it can be stopped. */
  async runTo(to: number): Promise<void> {
    const sandbox = this.#sandbox;
    let isBehind = true;
    while (isBehind && sandbox !== undefined && sandbox === this.#sandbox) {
      isBehind = (await this.#ask({ kind: 'advance', to }))?.isBehind ?? false;
    }
  }

  /** Lets time go on towards `to`, or to the end of the program. */
  async play(to: number): Promise<void> {
    await this.#ask({ kind: 'play', to });
  }

  /** Lets time go on to the next thing that happens. */
  async step(): Promise<void> {
    const at = this.#next;
    const report = await this.#ask({ kind: 'step' });
    if (report?.isBehind === true && at !== undefined) await this.runTo(at);
  }

  async set(name: string, value: number): Promise<void> {
    await this.#ask({ kind: 'control', name, value });
  }

  async #ask(request: Request): Promise<Report | undefined> {
    const sandbox = this.#sandbox;
    if (sandbox === undefined) return undefined;
    const asked = this.#last.then(() => sandbox.ask(request));
    this.#last = asked.catch(() => undefined);
    try {
      const report = await asked;
      if (sandbox !== this.#sandbox) return undefined;
      this.#now = report.now;
      this.#next = report.next;
      this.#audience.reported(report);
      if (report.failed !== undefined) this.#fail(report.failed);
      return report;
    } catch (error) {
      if (sandbox !== this.#sandbox) return undefined;
      this.#fail({ text: error instanceof UnresponsiveError ? error.message : String(error), line: undefined });
      return undefined;
    }
  }

  #fail(failure: Failure): void {
    this.stop();
    this.#next = undefined;
    this.#audience.failed(failure);
  }
}
