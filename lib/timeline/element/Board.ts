import type { TimelineModel } from '../model/TimelineModel.js';
import { waitsOf } from '../model/waitsOf.js';
import { drawTimeline } from '../draw/drawTimeline.js';
import { AXIS, laneAt, layout, type Layout } from '../draw/layout.js';
import { palette } from '../draw/palette.js';
import { entryNear, type Entry } from '../view/entries.js';
import { timeText } from '../view/times.js';
import type { Command } from './commandOf.js';
import type { Parts } from './parts.js';
import { entryText, laneName, rangeTable } from './rangeTable.js';
import { Selection } from './Selection.js';
import { View } from './View.js';
import { waitsTable } from './waitsTable.js';

/** The largest distance between the pointer and an entry, in pixels. */
const REACH = 5;

/** The drawing, the two tables and the selection: everything that is derived from the model. */
export class Board {
  readonly #parts: Parts;
  readonly view = new View(() => this.model);
  readonly selection = new Selection();
  model: TimelineModel;
  isDark = false;
  #layout: Layout = layout([], 1, 1, 0);
  /** The entry under the pointer. */
  #hovered: Entry | undefined;

  constructor(parts: Parts, model: TimelineModel) {
    this.#parts = parts;
    this.model = model;
  }

  clear(model: TimelineModel): void {
    this.model = model;
    this.selection.keepTo([]);
    this.hideTip();
  }

  draw(): void {
    const { scroller, canvas, spacer, empty, all, follow } = this.#parts;
    const { lanes, isEmpty } = this.model;
    const { range, isFollowing, isAll } = this.view;
    this.selection.keepTo(lanes);
    const width = Math.max(1, scroller.clientWidth);
    const total = layout(lanes, width, 0, 0).tops.at(-1)! + AXIS;
    const height = Math.max(60, Math.min(total, this.#room()));
    this.#layout = layout(lanes, width, height, scroller.scrollTop);
    resize(canvas, width, height);
    spacer.style.height = `${Math.max(0, total - height)}px`;
    empty.hidden = !isEmpty;
    all.setAttribute('aria-pressed', String(isAll));
    follow.setAttribute('aria-pressed', String(isFollowing));
    const context = canvas.getContext('2d');
    if (context === null) return;
    const ratio = devicePixelRatio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawTimeline(context, {
      lanes,
      range,
      layout: this.#layout,
      colours: palette(this.isDark),
      selected: this.selection.lane === undefined ? -1 : lanes.indexOf(this.selection.lane),
      entry: this.#hovered ?? this.selection.entry,
      font: '12px system-ui, sans-serif',
    });
  }

  /** Updates the range in words and the table of waits together, so that durations agree with the clock beside them. */
  drawWaits(): void {
    const { model } = this;
    const { from, to } = this.view.known;
    const now = to < model.to ? `, now ${timeText(model.to)}` : '';
    const text = model.isEmpty ? '' : `${timeText(from)} – ${timeText(to)}${now}`;
    if (this.#parts.span.value !== text) this.#parts.span.value = text;
    this.#parts.waits.replaceChildren(waitsTable(waitsOf(model.lanes, model.to), model.to));
  }

  drawTable(): void {
    this.#parts.range.replaceChildren(rangeTable(this.model.lanes, this.view.known));
  }

  /** Runs the command of a key or a button. Returns the entry to show, if the command asks for one. */
  obey(command: Command): Entry | undefined {
    const { view, selection, model } = this;
    switch (command) {
      case 'left':
      case 'right':
        view.scroll(command === 'left' ? -0.2 : 0.2);
        return undefined;
      case 'zoomIn':
      case 'zoomOut':
        view.zoom(command === 'zoomIn' ? 0.5 : 2, selection.entry?.from);
        return undefined;
      case 'all':
        view.showAll();
        return undefined;
      case 'start':
        view.toStart();
        return undefined;
      case 'end':
        view.toEnd();
        return undefined;
      case 'laneUp':
      case 'laneDown':
        selection.moveLane(model.lanes, command === 'laneUp' ? -1 : 1);
        this.#revealLane();
        if (selection.lane !== undefined) this.#say(laneName(selection.lane));
        return undefined;
      case 'previous':
      case 'next':
        selection.moveEntry(command === 'next', view.range, view.bounds);
        return this.#showEntry();
      case 'show':
        selection.settle(view.range);
        return this.#showEntry();
      case 'hide':
        selection.entry = undefined;
        this.hideTip();
        return undefined;
    }
  }

  hover(x: number, y: number): void {
    this.#hovered = this.entryAt(x, y);
    if (this.#hovered === undefined) this.hideTip();
    else this.#showTip(this.#hovered, x, y);
  }

  /** Selects the entry at a place, and returns it. */
  choose(x: number, y: number): Entry | undefined {
    this.selection.lane = this.model.lanes[laneAt(this.#layout, y)];
    this.selection.entry = this.entryAt(x, y);
    return this.selection.entry;
  }

  entryAt(x: number, y: number): Entry | undefined {
    const lane = this.model.lanes[laneAt(this.#layout, y)];
    const msPerPixel = this.msPerPixel();
    const { gutter } = this.#layout;
    return lane === undefined || x < gutter ? undefined : entryNear(lane, this.timeAt(x), msPerPixel * REACH);
  }

  msPerPixel(): number {
    const { from, to } = this.view.range;
    return (to - from) / Math.max(1, this.#layout.width - this.#layout.gutter);
  }

  timeAt(x: number): number {
    return this.view.range.from + (x - this.#layout.gutter) * this.msPerPixel();
  }

  hideTip(): void {
    this.#hovered = undefined;
    this.#parts.tip.hidden = true;
  }

  #showEntry(): Entry | undefined {
    const { entry, lane } = this.selection;
    if (entry === undefined || lane === undefined) {
      this.#say(lane === undefined ? 'Choose a lane first: Up or Down.' : `${laneName(lane)}: nothing in view`);
      return undefined;
    }
    this.view.reveal({ from: entry.from, to: entry.to ?? entry.from });
    const { gutter, width } = this.#layout;
    const x = gutter + (entry.from - this.view.range.from) / this.msPerPixel();
    this.#revealLane();
    const top = this.#layout.tops[this.model.lanes.indexOf(lane)] ?? 0;
    this.#showTip(entry, Math.max(gutter, Math.min(width, x)), AXIS + top - this.#parts.scroller.scrollTop + 12);
    this.#say(entryText(entry));
    return entry;
  }

  #showTip(entry: Entry, x: number, y: number): void {
    const { tip } = this.#parts;
    tip.textContent = entryText(entry);
    tip.hidden = false;
    const { width, height } = this.#layout;
    tip.style.left = `${Math.max(0, Math.min(x + 12, width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${y + 16 + tip.offsetHeight > height ? Math.max(0, y - tip.offsetHeight - 12) : y + 16}px`;
  }

  /** Announces a text to screen readers. */
  #say(text: string): void {
    this.#parts.said.textContent = text;
  }

  #revealLane(): void {
    const { scroller } = this.#parts;
    const i = this.selection.lane === undefined ? -1 : this.model.lanes.indexOf(this.selection.lane);
    if (i < 0) return;
    const { tops, height } = this.#layout;
    const bottom = tops[i + 1]! - (height - AXIS);
    scroller.scrollTop = Math.max(Math.min(scroller.scrollTop, tops[i]!), bottom);
  }

  /** The largest height of the canvas: the height set by the page, or 70 % of the window. */
  #room(): number {
    const { scroller } = this.#parts;
    const most = parseFloat(getComputedStyle(scroller).maxHeight);
    return Number.isFinite(most) ? most : scroller.clientHeight;
  }
}

const resize = (canvas: HTMLCanvasElement, width: number, height: number): void => {
  const ratio = devicePixelRatio;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width === w && canvas.height === h) return;
  canvas.width = w;
  canvas.height = h;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
};
