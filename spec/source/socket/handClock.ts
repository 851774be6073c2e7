import { VirtualTimeScheduler } from 'rxjs';

/** Time that stands still until it is moved: sockets are real, deadlines are not. */
export const handClock = () => {
  const scheduler = new VirtualTimeScheduler();
  return {
    scheduler,
    advance: (ms: number): void => {
      scheduler.maxFrames = scheduler.frame + ms;
      scheduler.flush();
      scheduler.frame = scheduler.maxFrames;
    },
  };
};
