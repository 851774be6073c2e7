import type { TimeRange } from './TimeRange.js';

/** Times from here on (2001-09-09) are shown as times of day. Earlier ones are shown as times since the start. */
const TIME_OF_DAY = 1e12;

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 3e4, 6e4, 3e5, 6e5, 18e5, 36e5, 108e5, 432e5];
const DAY = 864e5;

const two = (value: number): string => String(value).padStart(2, '0');

/** Formats a time: `14:03:07.250`, or `12.500 s` in virtual time. `step`: the precision in ms. */
export const timeText = (at: number, step = 1): string => {
  if (at < TIME_OF_DAY) return `${(at / 1000).toFixed(step >= 1000 ? 0 : step >= 100 ? 1 : 3)} s`;
  const date = new Date(at);
  const seconds = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return step >= 1000 ? seconds : `${seconds}.${String(Math.floor(date.getMilliseconds())).padStart(3, '0')}`;
};

/** Seconds with one decimal, rounded down, so never 60.0. */
const tenths = (ms: number): string => (Math.floor(ms / 100) / 10).toFixed(1);

/** Formats a duration: `250 ms`, `3.214 s`, `12.5 s`, `4 min 7.3 s`, `2 h 5 min`. */
export const durationText = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms * 10) / 10} ms`;
  if (ms < 60_000) return ms < 9999.5 ? `${(ms / 1000).toFixed(3)} s` : `${tenths(ms)} s`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${tenths(ms % 60_000)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
};

/** The labelled times of the axis, at most `most`, and the step between them. */
export const ticksOf = (
  { from, to }: TimeRange,
  most: number,
): { readonly step: number; readonly ats: readonly number[] } => {
  const least = (to - from) / Math.max(1, most);
  const step = STEPS.find(each => each >= least) ?? Math.ceil(least / DAY) * DAY;
  const first = Math.ceil(from / step) * step;
  return {
    step,
    ats: Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, i) => first + i * step),
  };
};
