import { defineTimeline, type RxTimeline } from 'rx-event-broker/timeline';
import type { Failure, Report, Said } from '../Protocol.js';
import { failureText } from './failureText.js';
import { made, type Parts } from './parts.js';
import { Tallies } from './Tallies.js';

/** Lines that a list keeps. */
const MOST_LINES = 500;
/** Records that the timeline keeps. */
const MOST_RECORDS = 20_000;

const COUNTS = ['offered', 'delivered', 'pending', 'dropped', 'failed', 'skipped'] as const;

/** What has happened, as it is shown: the time, the timeline, the tallies, the notices, the console, and what went wrong. */
export class Results {
  readonly #parts: Parts;
  readonly #goTo: (line: number) => void;
  readonly #timeline: RxTimeline;
  #tallies = new Tallies();

  constructor(parts: Parts, goTo: (line: number) => void) {
    this.#parts = parts;
    this.#goTo = goTo;
    defineTimeline();
    this.#timeline = document.createElement('rx-timeline') as unknown as RxTimeline;
    this.#timeline.setAttribute('limit', String(MOST_RECORDS));
    this.#timeline.setAttribute('label', 'Timeline of the program');
    parts.timeline.append(this.#timeline);
  }

  set theme(theme: string) {
    this.#timeline.setAttribute('theme', theme);
  }

  clear(): void {
    this.#parts.problem.hidden = true;
    this.#parts.time.textContent = shownTime(0);
    this.#tallies = new Tallies();
    this.#timeline.clear();
    this.#parts.console.replaceChildren();
    this.#parts.notices.replaceChildren();
    this.#drawTallies();
  }

  add({ records, said, now, uncaught, lost }: Report): void {
    this.#parts.time.textContent = shownTime(now);
    for (const record of records) this.#tallies.add(record);
    this.#timeline.addRecords(records);
    if (this.#tallies.rows.length > 0) this.#timeline.now = now;
    const isNotice = ({ kind }: Said): boolean => kind === 'notice';
    this.#addLines(this.#parts.notices, said.filter(isNotice));
    this.#addLines(
      this.#parts.console,
      said.filter(line => !isNotice(line)),
    );
    this.#drawTallies();
    if (uncaught !== undefined) this.problem(uncaught);
    if (lost > 0)
      this.problem({ text: 'More has happened than can be shown: some of it is left out.', line: undefined });
  }

  problem(failure: Failure): void {
    this.#parts.problem.textContent = failureText(failure);
    this.#parts.problem.hidden = false;
  }

  #addLines(list: HTMLElement, lines: readonly Said[]): void {
    if (lines.length === 0) return;
    list.append(...lines.slice(-MOST_LINES).map(line => this.#lineOf(line)));
    while (list.childElementCount > MOST_LINES) list.firstElementChild!.remove();
    list.scrollTop = list.scrollHeight;
  }

  #lineOf({ at, kind, text, line }: Said): HTMLElement {
    const item = made('li', '', { className: kind });
    item.append(made('span', shownTime(at)), made('span', text, { className: 'text' }));
    if (line !== undefined && kind !== 'notice') {
      const button = made('button', `line ${line}`, { type: 'button' });
      button.addEventListener('click', () => this.#goTo(line));
      item.append(button);
    }
    return item;
  }

  #drawTallies(): void {
    const { rows, paused } = this.#tallies;
    const { tallies, sources } = this.#parts;
    tallies.hidden = rows.length === 0;
    sources.replaceChildren(
      ...[...paused]
        .filter(([of]) => rows.some(row => row.of === of))
        .flatMap(([of, isPaused]) => [
          made('span', `source of ${of}: ${isPaused ? 'paused' : 'open'}`, { className: isPaused ? 'paused' : 'open' }),
          made('span', ' · '),
        ])
        .slice(0, -1),
    );
    if (rows.length === 0) tallies.replaceChildren();
    if (rows.length === 0) return;
    const table = made('table');
    table.createCaption().textContent = 'Tallies, in events';
    const head = table.createTHead().insertRow();
    for (const title of ['subscriber', ...COUNTS]) head.append(made('th', title, { scope: 'col' }));
    const body = table.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      line.append(
        made('th', row.name === row.of ? row.name : `${row.name}${row.required ? '' : ' (optional)'}`, {
          scope: 'row',
        }),
      );
      for (const count of COUNTS) {
        const isLost = (count === 'dropped' || count === 'failed') && row[count] > 0;
        line.append(made('td', String(row[count]), { className: isLost ? 'lost' : '' }));
      }
    }
    tallies.replaceChildren(table);
  }
}

/** A time in ms, with at most one decimal. */
export const shownTime = (ms: number): string => `${Math.round(ms * 10) / 10} ms`;
