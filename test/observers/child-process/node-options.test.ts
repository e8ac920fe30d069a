/** Which words of NODE_OPTIONS and of Node's arguments are removed for a child. */
import { expect, test } from '@jest/globals';
import { argumentsWithoutPreload, withoutInheritedPreload } from '../../../src/observers/child-process/node-options.ts';

const copy = '"/root/.cache/swarmscope/preload/0.1.0-abc/register.cjs"';
test.each([
  [`--require ${copy}`, ''],
  [`--no-warnings --require=${copy} -r ./own.cjs`, '--no-warnings -r ./own.cjs'],
  ['--require swarmscope/register', '--require swarmscope/register'],
  ['--a --import=data:text/javascript;swarmscope;base64,AA --import=data:text/javascript,1', '--a --import=data:text/javascript,1'],
  ['--require "without an end', undefined],
])('NODE_OPTIONS=%s without what only children are handed', (options, left) => {
  expect(withoutInheritedPreload(options)).toBe(left);
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
