export { defineTimeline } from './timeline/defineTimeline.js';
export type { RxTimeline } from './timeline/RxTimeline.js';
export type { TimeRange } from './timeline/view/TimeRange.js';
