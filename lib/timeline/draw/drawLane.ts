import type { Lane } from '../model/Lane.js';
import { barsOf, densityOf, glyphsOf, peaksOf, stripsOf, xOf, type Scale } from '../view/decimate.js';
import { glyph } from './glyph.js';
import type { Palette } from './palette.js';

/** Draws a lane into the box from (0, 0) to (scale.width, height). */
export const drawLane = (
  context: CanvasRenderingContext2D,
  lane: Lane,
  scale: Scale,
  height: number,
  colours: Palette,
): void => {
  if (lane.kind === 'source') drawDensity(context, lane, scale, height, colours);
  else if (lane.kind === 'pause') {
    drawBars(context, lane, scale, 5, height - 10, colours, colours.pause, colours.pause);
  } else {
    drawHolds(context, lane, scale, height, colours);
    drawArea(context, lane, scale, height, colours);
    drawBars(context, lane, scale, 13, height - 20, colours, colours.bar, colours.open);
    drawGaps(context, lane, scale, height, colours);
  }
  drawMarks(context, lane, scale, colours);
};

const drawDensity = (
  context: CanvasRenderingContext2D,
  lane: Lane,
  scale: Scale,
  height: number,
  { source }: Palette,
): void => {
  const density = densityOf(lane.emitted, scale);
  const most = density.reduce((a, b) => Math.max(a, b), 1);
  context.fillStyle = source;
  context.beginPath();
  density.forEach((count, x) => {
    // one event is 6 pixels high, and the densest pixel has the height of the lane
    const high = 6 + (height - 10) * (Math.log(count) / Math.max(1, Math.log(most * 2)));
    if (count > 0) context.rect(x, height - 2 - high, 1, high);
  });
  context.fill();
};

const drawHolds = (
  context: CanvasRenderingContext2D,
  lane: Lane,
  scale: Scale,
  height: number,
  { line, pause }: Palette,
): void => {
  const { heldBy } = lane;
  const open: readonly (readonly [number, number])[] =
    heldBy === undefined || heldBy.start > scale.to ? [] : [[Math.max(0, xOf(scale, heldBy.start)), scale.width]];
  for (const [x, end] of [...stripsOf(lane.holds, scale, 2), ...open]) {
    context.fillStyle = line;
    context.fillRect(x, 1, end - x, height - 2);
    context.fillStyle = pause;
    context.fillRect(x, 1, end - x, 2);
  }
};

const drawArea = (
  context: CanvasRenderingContext2D,
  lane: Lane,
  scale: Scale,
  height: number,
  colours: Palette,
): void => {
  if (lane.steps.length === 0) return;
  const peaks = peaksOf(lane.steps, scale);
  const most = peaks.reduce((a, b) => Math.max(a, b), 1);
  const end = lane.closedAt === undefined ? peaks.length : Math.min(peaks.length, Math.ceil(xOf(scale, lane.closedAt)));
  const y = (value: number): number => height - 2 - (value / most) * (height - 5);
  context.beginPath();
  context.moveTo(0, height - 2);
  for (let x = 0; x < end; x++) {
    if (x > 0 && peaks[x] !== peaks[x - 1]) context.lineTo(x, y(peaks[x - 1]!));
    if (x === 0 || peaks[x] !== peaks[x - 1]) context.lineTo(x, y(peaks[x]!));
  }
  if (end > 0) context.lineTo(end, y(peaks[end - 1]!));
  context.lineTo(Math.max(0, end), height - 2);
  context.closePath();
  context.fillStyle = colours.area;
  context.fill();
  context.strokeStyle = colours.areaEdge;
  context.lineWidth = 1;
  context.stroke();
};

const drawBars = (
  context: CanvasRenderingContext2D,
  { spans, inFlight, slots }: Lane,
  scale: Scale,
  top: number,
  height: number,
  colours: Palette,
  bar: string,
  open: string,
): void => {
  const rows = Math.min(4, slots);
  const high = height / rows;
  const place = (x: number, width: number, slot: number): void =>
    slot < 0
      ? context.fillRect(x, top, width, height)
      : context.fillRect(
          x,
          top + (slot % rows) * high,
          Math.max(1, width - 0.5),
          Math.max(2, high - (rows > 1 ? 1 : 0)),
        );
  const styles = [bar, colours.failed, colours.unknown];
  for (const { x, width, slot, outcome, shade } of barsOf(spans, scale)) {
    context.globalAlpha = 0.25 + shade * 0.75;
    context.fillStyle = styles[outcome]!;
    place(x, width, slot);
  }
  context.globalAlpha = 1;
  context.fillStyle = open;
  for (const { start, slot } of inFlight.values()) {
    if (start > scale.to) continue;
    const x = Math.max(0, xOf(scale, start));
    place(x, Math.max(3, scale.width - x), slot);
  }
};

const drawGaps = (
  context: CanvasRenderingContext2D,
  { gaps }: Lane,
  scale: Scale,
  height: number,
  { gap }: Palette,
): void => {
  context.fillStyle = gap;
  for (const [x, end] of stripsOf(gaps, scale, 3)) context.fillRect(x, height - 5, end - x, 4);
};

const drawMarks = (context: CanvasRenderingContext2D, { marks }: Lane, scale: Scale, colours: Palette): void => {
  const glyphs = glyphsOf(marks, scale);
  for (const kind of new Set(glyphs.map(each => each.kind))) {
    context.beginPath();
    for (const each of glyphs) if (each.kind === kind) glyph(context, kind, each.x, 7);
    context.fillStyle = colours.marks[kind] ?? colours.faint;
    context.fill();
    context.strokeStyle = colours.background;
    context.lineWidth = 0.5;
    context.stroke();
  }
};
