import type { Report, Request } from '../Protocol.js';

/** A program that does not answer within this many ms is stopped. */
const PATIENCE = 2_000;

/**
 * A frame without an origin, and in it the worker: a program reaches neither the page, nor what the site stores, nor the
 * network. The policy of the frame holds for its worker.
 */
const FRAME = `<!doctype html><meta http-equiv="Content-Security-Policy"
content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; worker-src blob:">
<script>let url, worker;
addEventListener('message', ({ data, ports }) => {
  worker?.terminate();
  if (data === 'stop') return;
  url ??= URL.createObjectURL(new Blob([data], { type: 'text/javascript' }));
  worker = new Worker(url);
  worker.postMessage(undefined, ports);
})</script>`;

/** The program does not answer, and has been stopped. */
export class UnresponsiveError extends Error {
  override readonly name = 'UnresponsiveError';
}

/** A worker, in the frame of its host. If it does not answer, the frame is removed, whatever the program does at that time. */
export class Sandbox {
  readonly #frame: HTMLIFrameElement;
  readonly #port: Promise<MessagePort>;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #stopped: (reason: Error) => void = () => undefined;
  readonly #stop = new Promise<never>((_, reject) => {
    this.#stopped = reject;
  });

  /** `host` is where the frame is, or is put. */
  constructor(host: ParentNode & Node, script: string) {
    this.#stop.catch(() => undefined);
    const known = host.querySelector('iframe');
    this.#frame = known ?? frameIn(host);
    const opened = known?.dataset['state'] === 'open' ? Promise.resolve() : loaded(this.#frame);
    this.#port = opened.then(() => {
      const { port1, port2 } = new MessageChannel();
      this.#frame.contentWindow?.postMessage(script, '*', [port2]);
      return port1;
    });
  }

  /** Rejects with `UnresponsiveError`, or if it is stopped. */
  async ask(request: Request): Promise<Report> {
    const port = await this.#port;
    return Promise.race([this.#stop, this.#answer(port, request)]);
  }

  /** Ends the worker. What it was asked is not waited for: the frame is the next one's. */
  stop(): void {
    clearTimeout(this.#patience);
    this.#frame.contentWindow?.postMessage('stop', '*');
    this.#stopped(new Error('stopped'));
  }

  #answer(port: MessagePort, request: Request): Promise<Report> {
    return new Promise((resolve, reject) => {
      this.#patience = setTimeout(() => {
        const error = new UnresponsiveError(
          `The program has not answered for ${PATIENCE / 1000} s, so it was stopped.`,
        );
        this.#frame.remove();
        this.#stopped(error);
        reject(error);
      }, PATIENCE);
      port.onmessage = ({ data }: MessageEvent<Report | { readonly error: string }>) => {
        clearTimeout(this.#patience);
        if ('error' in data) reject(new Error(data.error));
        else resolve(data);
      };
      port.postMessage(request);
    });
  }
}

const frameIn = (host: Node): HTMLIFrameElement => {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.title = 'The program';
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.srcdoc = FRAME;
  const opened = (): void => {
    frame.dataset['state'] = 'open';
  };
  frame.addEventListener('load', opened, { once: true });
  host.appendChild(frame);
  return frame;
};

const loaded = (frame: HTMLIFrameElement): Promise<void> =>
  new Promise(resolve => frame.addEventListener('load', () => resolve(), { once: true }));
