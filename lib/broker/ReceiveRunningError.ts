import { seeDocs } from '../event/seeDocs.js';

/** A broker receives from one source at a time (promise B11). */
export class ReceiveRunningError extends Error {
  override readonly name = 'ReceiveRunningError';

  constructor() {
    super(
      seeDocs(
        'ReceiveRunningError',
        'receive: expected no other source, found one running; merge the sources, or use one broker each',
      ),
    );
  }
}
