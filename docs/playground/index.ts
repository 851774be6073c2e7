// The element of the page docs/playground.md. docs/build/playground.mjs makes the scripts.
import { RxPlayground } from './RxPlayground.js';

if (customElements.get('rx-playground') === undefined) customElements.define('rx-playground', RxPlayground);
