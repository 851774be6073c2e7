import type { InspectRecord } from '../inspect/InspectRecord.js';
import { atRest, type AtRest } from './element/atRest.js';
import { Board } from './element/Board.js';
import type { Command } from './element/commandOf.js';
import { followControls } from './element/followControls.js';
import { followPointer, type PointerOwner } from './element/followPointer.js';
import { followSource } from './element/followSource.js';
import { HostElement } from './element/HostElement.js';
import { Intake } from './element/Intake.js';
import { parts, type Parts } from './element/parts.js';
import { Problems } from './element/Problems.js';
import { TimelineModel } from './model/TimelineModel.js';
import type { Entry } from './view/entries.js';
import type { TimeRange } from './view/TimeRange.js';

/** The default of `limit`: how many records are kept. */
const LIMIT = 100_000;
/**
 * The element `<rx-timeline>`. It has a lane for each source, pause and subscriber. Deliveries are bars, the backlog is an area, and
 * losses are marks. A table above the lanes lists who waits for whom, and since when. Define it with `defineTimeline`.
 *
 * Attributes:
 * - `src`: the URL of a stream of records, as server-sent events.
 * - `theme`: `light` or `dark`. Default: that of the system.
 * - `limit`: how many records are kept. Default 100,000.
 * - `label`: the name for screen readers.
 *
 * Events:
 * - `entryselect`: an entry was selected. Its `InspectRecord` is in `detail.record`.
 * - `viewchange`: the visible range has changed. The range is in `detail`.
 * - `recorderror`: a record is malformed. The `DecodeError` is in `detail`.
 *
 * @example
 * ```ts
 * defineTimeline();
 * const timeline = document.createElement('rx-timeline') as RxTimeline;
 * document.body.append(timeline);
 * inspect(broker, record => timeline.addRecords([record]));
 * ```
 * @see node_modules/rx-event-broker/docs/timeline.md
 */
export class RxTimeline extends HostElement {
  /** The observed attributes. */
  static readonly observedAttributes = ['src', 'theme', 'limit', 'label'];

  readonly #parts: Parts;
  readonly #board: Board;
  readonly #intake: Intake;
  readonly #problems: Problems;
  #ends: (() => void)[] = [];
  #endSource: (() => void) | undefined;
  #frame = 0;
  /** Updates of the two tables. That of waits comes soon, that of the range when the view has stopped moving. */
  readonly #tables: readonly AtRest[];

  constructor() {
    super();
    this.#parts = parts(this.attachShadow({ mode: 'open' }));
    this.#board = new Board(this.#parts, new TimelineModel(LIMIT));
    this.#problems = new Problems(this.#parts.alert);
    this.#intake = new Intake({
      record: record => this.#board.model.add(record),
      problem: error => {
        this.#problems.add(error);
        this.#emit('recorderror', error);
      },
      wake: () => this.#draw(),
    });
    this.#tables = [atRest(() => this.#board.drawWaits(), 50, 250), atRest(() => this.#board.drawTable(), 300, 5000)];
    followControls(this.#parts, { obey: command => this.#obey(command), scrolled: () => this.#draw() });
  }

  /** The visible range, in ms of the records' time. */
  get view(): TimeRange {
    return this.#board.view.range;
  }

  /** Shows a range, moved into the time of the records. Throws `RangeError` if the range is invalid. */
  set view(range: TimeRange) {
    if (!Number.isFinite(range.from) || !Number.isFinite(range.to) || !(range.from < range.to)) {
      throw new RangeError('view: expected { from, to } in ms, with from before to');
    }
    this.#board.view.show(range);
    this.#viewChanged();
  }

  /** The latest known time of the records, in ms. Set it to let time pass without a record. */
  get now(): number {
    return this.#board.model.to;
  }

  /** Lets time pass without a record. Throws `RangeError` unless `ms` is a finite number. */
  set now(ms: number) {
    if (!Number.isFinite(ms)) throw new RangeError('now: expected a time in ms');
    this.#board.model.passTo(ms);
    this.#draw();
  }

  /** Adds records, or lines of JSON. They are drawn in the next frames. Malformed ones are omitted and reported as `recorderror`. */
  addRecords(records: Iterable<InspectRecord> | string): void {
    this.#intake.add(records);
  }

  /** Processes all added records inside this call. For 100,000 records that takes a few hundred ms. */
  flush(): void {
    this.#intake.takeAll();
    this.#draw();
  }

  /** Removes all records. */
  clear(): void {
    this.#intake.clear();
    this.#board.clear(new TimelineModel(this.#limit));
    this.#board.view.reset();
    this.#problems.clear();
    this.#draw();
  }

  /** Called by the browser when the element is added to a page. */
  connectedCallback(): void {
    const resized = new ResizeObserver(() => this.#draw());
    resized.observe(this.#parts.scroller);
    const darkPage = matchMedia('(prefers-color-scheme: dark)');
    const themed = (): void => this.#setTheme(darkPage.matches);
    darkPage.addEventListener('change', themed);
    this.#ends = [() => resized.disconnect(), () => darkPage.removeEventListener('change', themed)];
    this.#ends.push(followPointer(this.#parts.canvas, this.#pointer()));
    themed();
    this.#open();
    this.#draw();
  }

  /** Called by the browser when the element is removed from a page. */
  disconnectedCallback(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
    this.#endSource?.();
    this.#endSource = undefined;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    for (const table of this.#tables) table.cancel();
  }

  /** Called by the browser when an attribute has changed. */
  attributeChangedCallback(name: string): void {
    if (name === 'limit') this.clear();
    if (name === 'label') this.#parts.scroller.setAttribute('aria-label', this.getAttribute('label') ?? 'Timeline');
    if (!this.isConnected) return;
    if (name === 'src') this.#open();
    if (name === 'theme') this.#setTheme(matchMedia('(prefers-color-scheme: dark)').matches);
  }

  get #limit(): number {
    const limit = Number(this.getAttribute('limit') ?? LIMIT);
    return Number.isSafeInteger(limit) && limit >= 100 ? limit : LIMIT;
  }

  #pointer(): PointerOwner {
    const board = this.#board;
    const drawn =
      <A extends readonly unknown[]>(act: (...at: A) => void) =>
      (...at: A): void => {
        act(...at);
        this.#draw();
      };
    return {
      drag: by => this.#scrollBy(-by),
      scroll: by => this.#scrollBy(by),
      zoom: (factor, x) => {
        board.view.zoom(factor, board.timeAt(x));
        this.#viewChanged();
      },
      hover: drawn((x: number, y: number) => board.hover(x, y)),
      leave: drawn(() => board.hideTip()),
      click: drawn((x: number, y: number) => {
        this.#parts.scroller.focus();
        this.#selected(board.choose(x, y));
      }),
    };
  }

  #scrollBy(pixels: number): void {
    const { view } = this.#board;
    view.scroll((pixels * this.#board.msPerPixel()) / (view.range.to - view.range.from));
    this.#board.hideTip();
    this.#viewChanged();
  }

  #obey(command: Command): void {
    const before = this.view;
    this.#selected(this.#board.obey(command));
    const { from, to } = this.view;
    if (from !== before.from || to !== before.to) this.#viewChanged();
    else this.#draw();
  }

  #selected(entry: Entry | undefined): void {
    if (entry !== undefined) this.#emit('entryselect', { record: entry.record });
  }

  #viewChanged(): void {
    this.#emit('viewchange', this.view);
    this.#draw();
  }

  #open(): void {
    this.#endSource?.();
    this.#endSource = undefined;
    this.#connection(undefined);
    const url = this.getAttribute('src');
    if (url === null) return;
    this.#endSource = followSource(url, {
      lines: text => this.addRecords(text),
      reset: () => this.clear(),
      now: ms => {
        if (Number.isFinite(ms)) this.now = ms;
      },
      connection: problem => this.#connection(problem),
    });
  }

  #connection(problem: string | undefined): void {
    this.#parts.state.textContent = problem ?? '';
    this.#parts.state.hidden = problem === undefined;
  }

  #emit(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  #setTheme(isPageDark: boolean): void {
    const theme = this.getAttribute('theme');
    this.#board.isDark = theme === 'dark' || (theme !== 'light' && isPageDark);
    this.#parts.setDark(this.#board.isDark);
    this.#draw();
  }

  /** Requests one drawing in the next frame. */
  #draw(): void {
    if (this.#frame !== 0 || !this.isConnected) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const hasMore = this.#intake.takeSome();
      this.#board.draw();
      if (hasMore) this.#draw();
      for (const table of this.#tables) table.ask();
    });
  }
}
