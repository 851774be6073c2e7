export { defineTimeline } from './timeline/defineTimeline.js';
export { performanceTracks } from './timeline/performanceTracks.js';
export type { RxTimeline } from './timeline/RxTimeline.js';
export type { TimeRange } from './timeline/view/TimeRange.js';
