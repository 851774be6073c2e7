// The module `playground`, as the compiler sees it. A program gets it from its worker.
import type { Playground } from './runner/playground.js';

export declare const control: Playground['control'];
export declare const lane: Playground['lane'];
