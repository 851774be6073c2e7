import type { RecordKind } from '../../inspect/InspectRecord.js';

/** Traces a mark around (x, y). Each kind has its own shape, so that marks do not differ by colour alone. */
export const glyph = (context: CanvasRenderingContext2D, kind: RecordKind, x: number, y: number): void => {
  const r = 4;
  switch (kind) {
    case 'dropped': // a triangle that points down
      polygon(context, [x - r, y - r], [x + r, y - r], [x, y + r]);
      return;
    case 'superseded': // a diamond
      polygon(context, [x, y - r], [x + r, y], [x, y + r], [x - r, y]);
      return;
    case 'failed': // a cross
      cross(context, x, y, r);
      return;
    case 'stalled': // an exclamation mark
      context.rect(x - 1.5, y - 5, 3, 6.5);
      context.rect(x - 1.5, y + 3, 3, 3);
      return;
    case 'retrying': // a ring
      context.moveTo(x + r, y);
      context.arc(x, y, r, 0, 2 * Math.PI);
      context.moveTo(x + r - 2, y);
      context.arc(x, y, r - 2, 0, 2 * Math.PI, true);
      return;
    case 'lost': // a bar from top to bottom
      context.rect(x - 1.5, y - 8, 3, 16);
      return;
    default: // a small square
      context.rect(x - 1.5, y - 1.5, 3, 3);
  }
};

const polygon = (context: CanvasRenderingContext2D, ...corners: readonly (readonly [x: number, y: number])[]): void => {
  corners.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.closePath();
};

const cross = (context: CanvasRenderingContext2D, x: number, y: number, r: number): void => {
  const t = 1.2;
  polygon(context, [x - r, y - r + t], [x - r + t, y - r], [x + r, y + r - t], [x + r - t, y + r]);
  polygon(context, [x + r - t, y - r], [x + r, y - r + t], [x - r + t, y + r], [x - r, y + r - t]);
};
