// How the tests run: swc strips the types and turns the ES module sources into what jest's sandbox loads, so a plain `npx jest test/room` works.
import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

const swc = {
  swcrc: false,
  jsc: { parser: { syntax: 'typescript' }, target: 'es2023', keepClassNames: true },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};

export default {
  testEnvironment: 'node',
  // What the build puts in.
  globals: { __SWARMSCOPE_VERSION__: version },
  maxWorkers: 2,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  moduleFileExtensions: ['ts', 'mts', 'cts', 'mjs', 'cjs', 'js', 'json', 'node'],
  transform: { '^.+\\.(ts|mts|cts|js|mjs)$': ['@swc/jest', swc] },
  // Packages that are published as ES modules only; everything else in node_modules is loaded as it is.
  transformIgnorePatterns: ['/node_modules/(?!(p-queue|eventemitter3|p-timeout)/)'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/', '<rootDir>/examples/'],
  haste: { forceNodeFilesystemAPI: true },
  watchman: false,
  // A program that hangs is ended by its own limit (test/harness/run-program.ts) before this one.
  testTimeout: 360_000,
};
