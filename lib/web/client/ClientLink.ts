/** The transport of a client. If a method other than `write` throws, the connection is cut. */
export interface ClientLink<Frame> {
  /** Starts to listen, and sends the greeting if there is one. Called once. */
  open(events: LinkEvents): void;
  /** Whether another frame may be written. */
  readonly hasRoom: boolean;
  /**
   * A delivery waits for room, so `drained` must be called when there is room. Omit it if the link always calls `drained`. A link
   * that polls must start here, because the program may have filled the connection itself.
   */
  awaitRoom?(): void;
  /** How many bytes are buffered in the connection. A lower number than before means progress. */
  readonly unsent: number;
  /** Writes a frame, even if there is no room. Throws if this frame cannot be sent. The connection stays open then. */
  write(frame: Frame): void;
  /** Sends a heartbeat if there is room. */
  beat(): void;
  /** Ends the connection after everything that was written. */
  end(): void;
  /** Closes the connection immediately. */
  cut(): void;
}

/** The callbacks of a link. */
export interface LinkEvents {
  /** There is room again. */
  readonly drained: () => void;
  /** The client has disconnected. */
  readonly left: () => void;
  /** Runs the body of a timer or a listener. If it throws, the connection is cut. */
  readonly run: (work: () => void) => void;
}
