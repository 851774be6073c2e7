import type { VegaEvent } from 'rx-event-broker/vega';

/** The content of a recording, counted event by event. */
export interface Census {
  count(event: VegaEvent): void;
  readonly events: number;
  /** Begin-blocks: a first block that comes twice counts twice. */
  readonly blocks: number;
  readonly firstHeight: number | null;
  readonly lastHeight: number | null;
  /** Events whose payload stayed bytes: no codec is known for their type. */
  readonly asBytes: number;
  readonly byType: ReadonlyMap<string, number>;
}

export const census = (): Census => {
  const byType = new Map<string, number>();
  let events = 0;
  let asBytes = 0;
  let firstHeight: number | null = null;
  let lastHeight: number | null = null;
  return {
    count(event) {
      if (event.payload instanceof Uint8Array) asBytes++; // asked for, so it is decoded if it has a codec
      events++;
      byType.set(event.type, (byType.get(event.type) ?? 0) + 1);
      firstHeight ??= event.blockNr;
      lastHeight = event.blockNr;
    },
    get events() {
      return events;
    },
    get blocks() {
      return byType.get('BeginBlock') ?? 0;
    },
    get firstHeight() {
      return firstHeight;
    },
    get lastHeight() {
      return lastHeight;
    },
    get asBytes() {
      return asBytes;
    },
    byType,
  };
};
