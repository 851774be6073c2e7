import type { Player } from './Player.js';

/**
 * Lets time go on, frame by frame, at `speed` ms a second, while it `isWanted`. Says whether the program is over. A page that was
 * hidden does not catch up.
 */
export const playOn = async (player: Player, speed: () => number, isWanted: () => boolean): Promise<boolean> => {
  let last = performance.now();
  for (;;) {
    await new Promise(requestAnimationFrame);
    if (!isWanted()) return false;
    const now = performance.now();
    const passed = Math.min(now - last, 100);
    last = now;
    await player.play(player.now + (passed * speed()) / 1000);
    if (player.isOver || player.isStopped) return true;
  }
};
