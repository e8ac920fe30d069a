/**
 * CommonJS that ES modules import is loaded as without the preload: also where a preload of the app's has changed how,
 * and where other hooks stand beside ours.
 */
import { describe, expect, test } from '@jest/globals';
import { NODE_VERSIONS, nodeBinary } from '../../../tools/node-versions.ts';
import { expectSame } from '../../harness/index.ts';

const FETCH_MINUTES = 10 * 60_000;

const files = {
  'app.mjs': `import name from './index.cjs'; import { extra } from './index.cjs'; console.log(name, extra);`,
  // As the package debug does it: one of two re-exports, of modules that replace their exports.
  'index.cjs': `const inner = require('./inner.cjs'); module.exports = typeof inner; module.exports.extra = 1; exports.extra = typeof inner.made;`,
  'inner.cjs': `if (process.type === 'renderer') module.exports = require('./browser.cjs'); else module.exports = require('./node.cjs');`,
  'browser.cjs': `exports.browser = true;`,
  'node.cjs': `exports.init = () => 1; module.exports = require('./common.cjs')(exports);`,
  'common.cjs': `module.exports = (own) => { const made = () => own; made.made = () => made; return made; };`,
  'extensions.cjs': `const { _extensions: known } = require('node:module'); for (const name of ['.js', '.cjs']) { const load = known[name] ?? known['.js'];
    known[name] = (module, file) => { console.log('through', file.split('/').at(-1)); return load(module, file); }; }`,
  'hooks.cjs': `require('node:module').registerHooks({ load(url, context, next) { const loaded = next(url, context);
    if (!url.endsWith('common.cjs')) return loaded; return { ...loaded, source: String(loaded.source) + ';console.log("by a hook of the app")' }; } });`,
};

describe.each([...NODE_VERSIONS, '24.10.0'])('on Node %s', (version) => {
  test.each([
    ['plain', []],
    ["an app's require.extensions", ['--require', './extensions.cjs']],
    ["an app's own hooks", ['--require', './hooks.cjs']],
  ])(
    '%s',
    async (_title, nodeArgs) => {
      const program = { node: nodeBinary(version), files, preload: 'NODE_OPTIONS' as const, nodeArgs };
      const { loaded, plain } = await expectSame(program);
      expect(plain).toMatchObject({ code: 0, stderr: '' });
      expect(loaded.stdout).toContain('function');
    },
    FETCH_MINUTES,
  );
});
