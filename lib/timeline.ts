export { defineTimeline } from './timeline/defineTimeline.js';
export type { RxTimeline } from './timeline/RxTimeline.js';
export type { Range } from './timeline/view/Range.js';
