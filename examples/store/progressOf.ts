import { WriteStream } from 'node:tty';
import { SingleBar, Presets } from 'cli-progress';
import { barSize, type Screen } from '../terminal/dashboard.js';

/** Shows how many blocks are stored, and how many more the simulator has made: as a bar on a terminal, else as four lines. */
export interface StoreProgress {
  readonly show: (height: number, lag: number) => void;
  readonly stop: () => void;
}

export const progressOf = (screen: Screen, blocks: number): StoreProgress => {
  if (!(screen instanceof WriteStream)) {
    let shown = -1;
    return {
      show: (height, lag) => {
        const quarter = Math.floor((4 * height) / blocks) * 25;
        if (quarter === shown) return;
        shown = quarter;
        screen.write(`stored ${String(quarter).padStart(3)} %   block ${height}   lag ${lag} blocks\n`);
      },
      stop: () => undefined,
    };
  }
  const format = '{bar} block {value} of {total}   lag {lag} blocks';
  const barsize = barSize(screen, ` block ${blocks} of ${blocks}   lag ${blocks} blocks`);
  const bar = new SingleBar({ stream: screen, format, barsize, gracefulExit: false }, Presets.shades_classic);
  bar.start(blocks, 0, { lag: 0 });
  return {
    show: (height, lag) => bar.update(height, { lag }),
    stop: () => bar.stop(),
  };
};
