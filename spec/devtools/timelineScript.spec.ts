import { execFileSync } from 'node:child_process';
import { test } from '@jest/globals';

test('the script of the page is that of lib/timeline', () => {
  execFileSync(process.execPath, ['spec/package/timelineScript.mjs'], { stdio: ['ignore', 'inherit', 'pipe'] });
});
