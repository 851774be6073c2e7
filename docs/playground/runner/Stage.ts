import { asyncScheduler, BehaviorSubject } from 'rxjs';
import type { Notice } from 'rx-event-broker';
import { inspector, type InspectRecord } from 'rx-event-broker/inspect';
import type { Control, Report, Said, Values } from '../Protocol.js';
import { lineNow } from './compiled.js';
import { noticeText } from './noticeText.js';
import { Outbox } from './Outbox.js';

/** What a program has shown so far, and what the page has set. */
export class Stage {
  readonly #records = new Outbox<InspectRecord>(50_000);
  readonly #said = new Outbox<Said>(2_000);
  readonly #controls = new Map<string, { readonly control: Control; readonly value$: BehaviorSubject<number> }>();
  readonly #values: Values;
  readonly inspector = inspector(record => this.#records.add(record), {
    capacity: 50_000,
  });

  constructor(values: Values) {
    this.#values = values;
  }

  /** When the next thing is shown that has been recorded already. */
  get next(): number | undefined {
    const times = [this.#records.next, this.#said.next].filter(time => time !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** When the last of these is shown. */
  get last(): number | undefined {
    const times = [this.#records.last, this.#said.last].filter(time => time !== undefined);
    return times.length === 0 ? undefined : Math.max(...times);
  }

  record(record: InspectRecord): void {
    this.#records.add(record);
  }

  say(kind: Said['kind'], text: string, line = lineNow()): void {
    // A marble test has a time of its own, and RxJS's clock is that of the test.
    this.#said.add({ at: asyncScheduler.now(), kind, text, ...(line === undefined ? {} : { line }) });
  }

  notice(notice: Notice): void {
    this.say('notice', noticeText(notice));
  }

  /** The value of a slider; it is declared by the first call. */
  control(control: Control): BehaviorSubject<number> {
    const known = this.#controls.get(control.name);
    if (known !== undefined) return known.value$;
    const value$ = new BehaviorSubject(this.#values[control.name] ?? control.value);
    this.#controls.set(control.name, { control, value$ });
    return value$;
  }

  set(name: string, value: number): void {
    this.#controls.get(name)?.value$.next(value);
  }

  /** What has happened by `now` and was not reported yet. */
  take(now: number): Pick<Report, 'records' | 'said' | 'controls' | 'lost'> {
    const records = this.#records.take(now);
    const said = this.#said.take(now);
    const controls = [...this.#controls.values()].map(({ control, value$: { value } }) => ({ ...control, value }));
    return { records: records.items, said: said.items, controls, lost: records.lost + said.lost };
  }
}
