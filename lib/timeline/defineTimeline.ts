import { RxTimeline } from './RxTimeline.js';

/**
 * Defines the element `<rx-timeline>` in this page. A second call does nothing.
 *
 * @param name - Another name for the element.
 * @throws `DOMException` if the name is not that of a custom element, or is taken by another element.
 * @example
 * ```ts
 * defineTimeline(); // from now on: <rx-timeline src="records">
 * ```
 * @see node_modules/rx-event-broker/docs/timeline.md
 */
export const defineTimeline = (name = 'rx-timeline'): void => {
  const defined = customElements.get(name);
  if (defined !== undefined && Object.hasOwn(defined, isTimeline)) return;
  // a class can have one name only
  const Named = class extends RxTimeline {
    static readonly [isTimeline] = true;
  };
  customElements.define(name, Named);
};

/** Copies of the package may meet in a page: the first one has the name. */
const isTimeline = Symbol.for('rx-event-broker/timeline');
