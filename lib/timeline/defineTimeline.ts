import { RxTimeline } from './RxTimeline.js';

/**
 * Defines the element `<rx-timeline>` in this page. A second call does nothing.
 *
 * @param name - The name of the element. Default `rx-timeline`.
 * @throws `DOMException` if the name is invalid for a custom element, or is used by another element.
 * @example
 * ```ts
 * defineTimeline(); // from now on: <rx-timeline src="records">
 * ```
 * @see node_modules/rx-event-broker/docs/timeline.md
 */
export const defineTimeline = (name = 'rx-timeline'): void => {
  const defined = customElements.get(name);
  if (defined !== undefined && Object.hasOwn(defined, isTimeline)) return;
  // a class can be defined under one name only
  const Named = class extends RxTimeline {
    static readonly [isTimeline] = true;
  };
  customElements.define(name, Named);
};

/** A page may load several copies of the package. The first one defines the element. */
const isTimeline = Symbol.for('rx-event-broker/timeline');
