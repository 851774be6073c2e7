/** Receives pointer gestures. Coordinates are CSS pixels of the canvas. */
export interface PointerOwner {
  /** A horizontal drag. */
  drag(byX: number): void;
  /** A wheel movement with Ctrl, or a pinch. */
  zoom(factor: number, x: number): void;
  /** A horizontal wheel movement, or one with Shift. */
  scroll(byX: number): void;
  hover(x: number, y: number): void;
  leave(): void;
  click(x: number, y: number): void;
}

/** A smaller movement counts as a click, in pixels. */
const CLICK = 4;

/** Listens to the pointer over a canvas. Returns a function that stops it. */
export const followPointer = (canvas: HTMLCanvasElement, owner: PointerOwner): (() => void) => {
  const ended = new AbortController();
  const { signal } = ended;
  let last: number | undefined;
  let moved = 0;
  const on = <K extends keyof HTMLElementEventMap>(type: K, listener: (event: HTMLElementEventMap[K]) => void): void =>
    canvas.addEventListener(type, listener, { signal, passive: false });
  on('wheel', event => {
    const unit = event.deltaMode === 1 ? 16 : 1;
    const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (event.ctrlKey) owner.zoom(Math.exp(Math.max(-1, Math.min(1, (event.deltaY * unit) / 200))), event.offsetX);
    else if (Math.abs(sideways) > 0 && (event.shiftKey || Math.abs(sideways) > Math.abs(event.deltaY)))
      owner.scroll(sideways * unit);
    else return; // a vertical movement scrolls the page or the lanes
    event.preventDefault();
  });
  on('pointerdown', event => {
    if (event.button !== 0) return;
    last = event.clientX;
    moved = 0;
    canvas.setPointerCapture(event.pointerId);
  });
  on('pointermove', event => {
    if (last === undefined) {
      owner.hover(event.offsetX, event.offsetY);
      return;
    }
    const by = event.clientX - last;
    last = event.clientX;
    moved += Math.abs(by);
    if (moved >= CLICK) owner.drag(by);
  });
  on('pointerup', event => {
    if (last !== undefined && moved < CLICK) owner.click(event.offsetX, event.offsetY);
    last = undefined;
  });
  on('pointercancel', () => (last = undefined));
  on('pointerleave', () => {
    if (last === undefined) owner.leave();
  });
  return () => ended.abort();
};
