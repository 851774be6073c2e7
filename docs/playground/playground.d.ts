declare module 'playground' {
  import type { Playground } from './runner/playground.js';

  export const control: Playground['control'];
  export const lane: Playground['lane'];
}
