import type { InspectRecord } from 'rx-event-broker/inspect';

/** A slider, as a program declares it. */
export interface ControlOptions {
  /** The lowest value. Default 0. */
  readonly min?: number;
  /** The highest value. Default 100. */
  readonly max?: number;
  /** From one value to the next. Default 1. */
  readonly step?: number;
  /** The first value. Default `min`. */
  readonly value?: number;
  /** What is counted, such as `ms`. Default: nothing. */
  readonly unit?: string;
}

export type Control = Required<ControlOptions> & { readonly name: string };

/** Values of sliders, by name. */
export type Values = Readonly<Record<string, number>>;

/** What a program said: with `console`, or by an error; or a notice. */
export interface Said {
  readonly at: number;
  readonly kind: 'log' | 'warn' | 'error' | 'notice';
  readonly text: string;
  /** The line of the program that said it. */
  readonly line?: number;
}

/** What the page asks of the worker: one request at a time, and each is answered by one report. */
export type Request =
  | { readonly kind: 'start'; readonly program: string; readonly values: Values; readonly extras: string | undefined }
  /** To an instant, or as far as something happens. */
  | { readonly kind: 'advance' | 'play'; readonly to: number }
  | { readonly kind: 'step' }
  | { readonly kind: 'control'; readonly name: string; readonly value: number };

/** An error, and where it is in the program. */
export interface Failure {
  readonly text: string;
  readonly line: number | undefined;
  readonly column?: number | undefined;
}

/** What has happened since the last report. */
export interface Report {
  /** Virtual time, in ms. */
  readonly now: number;
  /** When something happens next; absent if nothing will. */
  readonly next: number | undefined;
  /** Whether it did not get as far as it was asked to, since that takes long. */
  readonly isBehind: boolean;
  readonly records: readonly InspectRecord[];
  readonly said: readonly Said[];
  readonly controls: readonly Control[];
  /** Records and lines that were too many. */
  readonly lost: number;
  /** With the first report: what can be imported, by module. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  /** The first error that the program did not catch. It goes on. */
  readonly uncaught: Failure | undefined;
  /** Why it cannot go on. */
  readonly failed?: Failure;
}
