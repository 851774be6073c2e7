const { TestEnvironment } = require('jest-environment-node');

/** A mutant is dead with the first test that fails: the others are skipped. */
module.exports = class FirstFailure extends TestEnvironment {
  #failed = false;

  handleTestEvent({ name, test }) {
    if (name === 'test_start' && this.#failed) test.mode = 'skip';
    if (name === 'test_done') this.#failed ||= test.errors.length > 0;
  }
};
