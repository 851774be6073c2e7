/** The connection to a client, as a subscriber uses it. If it throws, it is cut. */
export interface ClientLink<Frame> {
  /** Begins to listen, and sends what goes before the first frame. Called once. */
  open(events: LinkEvents): void;
  /** Whether another frame may be written. */
  readonly hasRoom: boolean;
  /** There is no room, and somebody waits for it: it may be used up by others than us. Default: `drained` is called anyway. */
  awaitRoom?(): void;
  /** Bytes that wait in the connection. Less than before means progress. */
  readonly unsent: number;
  /** Writes a frame, even if there is no room. Throws if this frame cannot be sent: then it is not cut. */
  write(frame: Frame): void;
  /** Sends a sign of life, if there is room. */
  beat(): void;
  /** Ends the connection after what was written. */
  end(): void;
  /** Ends it immediately. */
  cut(): void;
}

/** What a connection calls. */
export interface LinkEvents {
  /** There is room again. */
  readonly drained: () => void;
  /** The client has gone. */
  readonly left: () => void;
  /** Runs what a timer or a listener of the link does. */
  readonly run: (work: () => void) => void;
}
