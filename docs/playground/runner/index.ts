// The worker: the first message brings a port, and all others come through it, out of the program's reach.
import type { Report, Request } from '../Protocol.js';
import { ProgramRun } from './ProgramRun.js';

addEventListener(
  'message',
  ({ ports }: MessageEvent) => {
    const [port] = ports;
    let run: ProgramRun | undefined;
    const answer = async (request: Request): Promise<Report | undefined> => {
      if (request.kind !== 'start') return run?.answer(request);
      run = new ProgramRun(request);
      return run.start(request);
    };
    port!.onmessage = ({ data }: MessageEvent<Request>) => {
      answer(data).then(
        report => port!.postMessage(report),
        (error: unknown) => port!.postMessage({ error: String(error) }),
      );
    };
  },
  { once: true },
);
