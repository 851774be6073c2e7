import type { Report, Request } from '../Protocol.js';

/** A program that does not answer within this many ms is stopped. */
const PATIENCE = 2_000;

/**
 * A frame without an origin, and in it the worker: a program reaches neither the page, nor what the site stores, nor the
 * network. The policy of the frame holds for its worker.
 */
const FRAME = `<!doctype html><meta http-equiv="Content-Security-Policy"
content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; worker-src blob:">
<script>addEventListener('message', ({ data, ports }) => {
const url = URL.createObjectURL(new Blob([data], { type: 'text/javascript' }));
new Worker(url).postMessage(undefined, ports);
}, { once: true })</script>`;

/** The program does not answer, and has been stopped. */
export class UnresponsiveError extends Error {
  override readonly name = 'UnresponsiveError';
}

/** A worker in a frame of its own. To stop it, the frame is removed, whatever the program does at that time. */
export class Sandbox {
  readonly #frame: HTMLIFrameElement;
  readonly #port: Promise<MessagePort>;
  #stopped: (reason: Error) => void = () => undefined;
  readonly #stop = new Promise<never>((_, reject) => {
    this.#stopped = reject;
  });

  /** `host` is where the frame is put. */
  constructor(host: ParentNode & Node, script: string) {
    this.#stop.catch(() => undefined);
    this.#frame = document.createElement('iframe');
    this.#frame.hidden = true;
    this.#frame.title = 'The program';
    this.#frame.setAttribute('sandbox', 'allow-scripts');
    this.#frame.srcdoc = FRAME;
    this.#port = new Promise(resolve => {
      this.#frame.addEventListener('load', () => {
        const { port1, port2 } = new MessageChannel();
        this.#frame.contentWindow?.postMessage(script, '*', [port2]);
        resolve(port1);
      });
    });
    host.append(this.#frame);
  }

  /** Rejects with `UnresponsiveError`, or if it is stopped. */
  async ask(request: Request): Promise<Report> {
    const port = await this.#port;
    return Promise.race([this.#stop, this.#answer(port, request)]);
  }

  stop(reason = new Error('stopped')): void {
    this.#frame.remove();
    this.#stopped(reason);
  }

  #answer(port: MessagePort, request: Request): Promise<Report> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const error = new UnresponsiveError(
          `The program has not answered for ${PATIENCE / 1000} s, so it was stopped.`,
        );
        this.stop(error);
        reject(error);
      }, PATIENCE);
      port.onmessage = ({ data }: MessageEvent<Report | { readonly error: string }>) => {
        clearTimeout(timer);
        if ('error' in data) reject(new Error(data.error));
        else resolve(data);
      };
      port.postMessage(request);
    });
  }
}
