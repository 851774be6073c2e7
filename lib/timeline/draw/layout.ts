import type { Lane } from '../model/Lane.js';

/** Where things are drawn, in CSS pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The width of the names. 0 if they are above their lanes. */
  readonly gutter: number;
  /** The top of each lane, from the top of the first lane, and then the end of the last one. */
  readonly tops: readonly number[];
  /** How far the lanes are scrolled. */
  readonly scrollTop: number;
}

/** The height of the axis. */
export const AXIS = 24;
/** In a narrower canvas, names are above their lanes. */
const NARROW = 520;
/** The height of a name above its lane. */
export const NAME = 15;

const heightOf = ({ kind, slots }: Lane): number => {
  if (kind === 'source') return 26;
  if (kind === 'pause') return 20;
  return 34 + Math.min(3, slots - 1) * 7;
};

/** The layout of lanes in a canvas. */
export const layout = (lanes: readonly Lane[], width: number, height: number, scrollTop: number): Layout => {
  const gutter = width < NARROW ? 0 : Math.min(200, Math.round(width * 0.22));
  const tops = [0];
  for (const lane of lanes) tops.push(tops.at(-1)! + heightOf(lane) + (gutter === 0 ? NAME : 0));
  return { width, height, gutter, tops, scrollTop };
};

/** The index of the lane at a y of the canvas, or -1. */
export const laneAt = ({ tops, scrollTop }: Layout, y: number): number =>
  y < AXIS
    ? -1
    : tops.findIndex((top, i) => y - AXIS + scrollTop >= top && y - AXIS + scrollTop < (tops[i + 1] ?? top));
