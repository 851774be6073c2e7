// What `npm run mutate` runs: the specs of the folders that it mutates, and of those that they stand on.
import config from './jest.config.js';

export default {
  ...config.projects[0],
  testMatch: ['event', 'flow', 'operators', 'broker'].map(folder => `<rootDir>/spec/${folder}/**/*.spec.ts`),
};
