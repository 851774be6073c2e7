export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/spec'],
  testMatch: ['**/*.spec.ts'],
  transform: { '\\.ts$': 'babel-jest' },
  moduleNameMapper: {
    '^rx-event-broker$': '<rootDir>/lib/index.ts',
    '^rx-event-broker/(.*)$': '<rootDir>/lib/$1.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};
