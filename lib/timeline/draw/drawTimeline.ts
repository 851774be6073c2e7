import type { Lane } from '../model/Lane.js';
import { xOf, type Scale } from '../view/decimate.js';
import type { Entry } from '../view/entries.js';
import type { TimeRange } from '../view/TimeRange.js';
import { ticksOf, timeText } from '../view/times.js';
import { drawLane } from './drawLane.js';
import { AXIS, NAME, type Layout } from './layout.js';
import type { Palette } from './palette.js';

/** The input of a drawing. */
export interface Picture {
  readonly lanes: readonly Lane[];
  readonly range: TimeRange;
  readonly layout: Layout;
  readonly colours: Palette;
  /** The index of the selected lane, or -1. */
  readonly selected: number;
  readonly entry: Entry | undefined;
  /** The font of the lane names. */
  readonly font: string;
}

/** Draws the visible lanes, and the axis above them. */
export const drawTimeline = (context: CanvasRenderingContext2D, picture: Picture): void => {
  const { lanes, layout, range, colours, selected } = picture;
  const { width, height, gutter, tops, scrollTop } = layout;
  const scale = { ...range, width: width - gutter };
  context.fillStyle = colours.background;
  context.fillRect(0, 0, width, height);
  lanes.forEach((lane, i) => {
    const y = AXIS + tops[i]! - scrollTop;
    const high = tops[i + 1]! - tops[i]!;
    if (y + high < AXIS || y > height) return;
    if (i === selected || lane.kind !== 'subscriber') {
      context.fillStyle = i === selected ? colours.selected : colours.stripe;
      context.fillRect(0, y, width, high);
    }
    inBox(context, gutter, y + (gutter === 0 ? NAME : 0), scale.width, high, () =>
      drawLane(context, lane, scale, high - (gutter === 0 ? NAME : 0), colours),
    );
    drawName(context, picture, lane, y, high);
    context.fillStyle = colours.line;
    context.fillRect(0, y + high - 0.5, width, 0.5);
  });
  drawEntry(context, picture, scale);
  drawAxis(context, picture, scale);
};

const inBox = (
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  draw: () => void,
): void => {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.translate(x, y);
  draw();
  context.restore();
};

const drawName = (
  context: CanvasRenderingContext2D,
  { layout, colours, font }: Picture,
  lane: Lane,
  y: number,
  high: number,
): void => {
  const { gutter, width } = layout;
  const isStalled = lane.stalledBy !== undefined;
  context.font = isStalled ? `bold ${font}` : font;
  context.textBaseline = 'middle';
  context.fillStyle = isStalled ? colours.marks.stalled! : lane.kind === 'subscriber' ? colours.text : colours.faint;
  const text = lane.kind === 'subscriber' ? lane.name : `${lane.broker} · ${lane.name}`;
  inBox(context, 0, y, gutter === 0 ? width : gutter - 6, high, () =>
    context.fillText(isStalled ? `! ${text}` : text, 8, gutter === 0 ? NAME / 2 + 1 : high / 2),
  );
};

const drawEntry = (
  context: CanvasRenderingContext2D,
  { entry, lanes, layout, colours }: Picture,
  scale: Scale,
): void => {
  if (entry === undefined) return;
  const i = lanes.indexOf(entry.lane);
  if (i < 0) return;
  const { gutter, tops, scrollTop } = layout;
  const above = gutter === 0 ? NAME : 0;
  const from = Math.max(0, xOf(scale, entry.from));
  const to = Math.min(scale.width, entry.to === undefined ? scale.width : xOf(scale, entry.to));
  if (to < 0 || from > scale.width) return;
  context.strokeStyle = colours.text;
  context.lineWidth = 1.5;
  context.strokeRect(
    gutter + from - 4,
    AXIS + tops[i]! - scrollTop + above + 1,
    to - from + 8,
    tops[i + 1]! - tops[i]! - above - 2,
  );
};

const drawAxis = (context: CanvasRenderingContext2D, { layout, range, colours, font }: Picture, scale: Scale): void => {
  const { width, height, gutter } = layout;
  context.fillStyle = colours.background;
  context.fillRect(0, 0, width, AXIS);
  context.fillStyle = colours.line;
  context.fillRect(0, AXIS - 1, width, 1);
  if (gutter > 0) context.fillRect(gutter - 1, 0, 1, height);
  context.font = font;
  context.textBaseline = 'middle';
  const { step, ats } = ticksOf(range, scale.width / 110);
  for (const at of ats) {
    const x = gutter + xOf(scale, at);
    context.fillStyle = colours.line;
    context.fillRect(x, AXIS - 6, 1, 6);
    context.fillStyle = colours.faint;
    const text = timeText(at, step);
    if (x + 6 + context.measureText(text).width < width) context.fillText(text, x + 4, AXIS / 2);
  }
};
