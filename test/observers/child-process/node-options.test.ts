/** Which words of NODE_OPTIONS and of Node's arguments are removed for a child. */
import { expect, test } from '@jest/globals';
import { argumentsWithoutPreload, withoutPrivatePreload } from '../../../src/observers/child-process/node-options.ts';

const copy = '"/root/.cache/swarmscope/preload/0.1.0-abc/register.cjs"';
test.each([
  [`--require ${copy}`, ''],
  [`--no-warnings --require=${copy} -r ./own.cjs`, '--no-warnings -r ./own.cjs'],
  ['--require swarmscope/register', '--require swarmscope/register'],
  ['--require "without an end', undefined],
])('NODE_OPTIONS=%s without the words that load a private copy', (options, left) => {
  expect(withoutPrivatePreload(options)).toBe(left);
});

test.each([
  [
    ['--require', 'swarmscope/register', 'app.js', '--require', 'swarmscope/register'],
    ['app.js', '--require', 'swarmscope/register'],
  ],
  [
    ['--import=swarmscope/register', '-r', './own.cjs', 'app.js'],
    ['-r', './own.cjs', 'app.js'],
  ],
  [
    ['-r', './node_modules/swarmscope/dist/register.cjs', '-e', '0'],
    ['-e', '0'],
  ],
  [['--require', './own.cjs', 'swarmscope/register'], undefined],
  [['app.js'], undefined],
])('the arguments %j without the words that load our preload', (args, left) => {
  expect(argumentsWithoutPreload(args)).toEqual(left);
});
