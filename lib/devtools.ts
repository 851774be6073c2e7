export { serveTimeline, type ServeTimelineOptions } from './devtools/serveTimeline.js';
