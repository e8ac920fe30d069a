/**
 * Children given an environment of their own, by apps that came by node:child_process in any way: each gets what was
 * meant for it and ours, and nothing of the app's changes.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { INHERITED_OPTION } from '../../harness/index.ts';
import { api, FETCH_MINUTES, NODE_VERSIONS, nodeBinary, observe, theOne, ancestry, type Seen } from './support.ts';

const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
/** JavaScript that makes the environment; `base` is what a child needs to tell of itself. */
const environments: Record<string, { make: string; expected: Record<string, string | undefined>; isElsewhere?: boolean }> = {
  'an empty object': { make: `({})`, expected: { PATH: undefined } },
  'PATH alone': { make: `({ PATH: process.env.PATH })`, expected: { HOME: undefined } },
  'a frozen object': { make: `Object.freeze({ ...base, OWN: 'frozen' })`, expected: { OWN: 'frozen' } },
  'an object without a prototype': { make: `Object.assign(Object.create(null), base, { OWN: 'bare' })`, expected: { OWN: 'bare' } },
  'inherited variables': { make: `Object.create({ ...base, OWN: 'inherited' })`, expected: { OWN: 'inherited' } },
  'a Proxy': { make: `new Proxy({ ...base, OWN: 'proxied' }, {})`, expected: { OWN: 'proxied' } },
  getters: { make: `({ ...base, get OWN() { return 'got'; } })`, expected: { OWN: 'got' } },
  'values that are no text': {
    make: `({ ...base, OWN: 7, NONE: undefined, NULL: null })`,
    expected: { OWN: '7', NONE: undefined, NULL: 'null' },
  },
  'newlines, quotes and umlauts': { make: `({ ...base, OWN: 'a\\nb "c" =ü$\`' })`, expected: { OWN: 'a\nb "c" =ü$`' } },
  'NODE_OPTIONS of its own': {
    make: `({ ...base, NODE_OPTIONS: '--no-warnings --require "' + __dirname + '/with space/own.cjs" --stack-trace-limit=7' })`,
    expected: { LOADED: 'own', LIMIT: '7' },
  },
  'a TRACEPARENT of its own': {
    make: `({ ...base, TRACEPARENT: ${JSON.stringify(traceparent)} })`,
    expected: { TRACEPARENT: traceparent },
    isElsewhere: true,
  },
};

/** How a program may come by `spawnSync`, as a module of its own. */
const doors: Record<string, string> = {
  'door-require.cjs': `module.exports = require('child_process').spawnSync;`,
  'door-prefixed.cjs': `module.exports = require('node:child_process').spawnSync;`,
  'door-builtin.cjs': `module.exports = process.getBuiltinModule('child_process').spawnSync;`,
  'door-namespace.mjs': `import * as all from 'node:child_process'; export default all.spawnSync;`,
  'door-default.mjs': `import all from 'child_process'; export default all.spawnSync;`,
  'door-named.mjs': `import { spawnSync } from 'node:child_process'; export default spawnSync;`,
  'door-dynamic.mjs': `export default (await import('node:child_process')).spawnSync;`,
  'door-createRequire.mjs': `import { createRequire } from 'node:module'; export default createRequire(import.meta.url)('child_process').spawnSync;`,
  'door-mocked.cjs': `const cp = require('child_process'); const real = cp.spawnSync; cp.spawnSync = function (...args) { return real.apply(this, args); };
    require('module').syncBuiltinESMExports(); module.exports = cp.spawnSync;`,
};

const app = `
const { withTask } = require(${api});
const base = { PATH: process.env.PATH };
const environments = {
${Object.entries(environments)
  .map(([name, { make }]) => `  ${JSON.stringify(name)}: () => ${make},`)
  .join('\n')}
};
const show = (env) => JSON.stringify(Reflect.ownKeys(env).map((key) => [key, Object.getOwnPropertyDescriptor(env, key)]));
const results = { environments: {}, doors: {} };
(async () => {
  // First of all, so that no import of the module has gone before.
  for (const name of ${JSON.stringify(['door-builtin.cjs', ...Object.keys(doors).filter((name) => name !== 'door-builtin.cjs')])}) {
    const door = (await import('./' + name)).default;
    withTask(name, () => { results.doors[name] = door(process.execPath, ['leaf.cjs', name], { encoding: 'utf8' }).status; });
  }
  const { spawn, spawnSync } = require('child_process');
  for (const [name, make] of Object.entries(environments)) {
    const env = make();
    const options = Object.freeze({ env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    const args = Object.freeze(['leaf.cjs', name]);
    const before = show(env);
    const sync = withTask(name, () => spawnSync(process.execPath, args, options));
    const child = withTask(name + ' (async)', () => spawn(process.execPath, ['leaf.cjs', name + ' (async)'], options));
    let text = '';
    for await (const part of child.stdout) text += part;
    results.environments[name] = { sync: JSON.parse(sync.stdout), async: JSON.parse(text), isSame: before === show(env), spawnargs: child.spawnargs.slice(1) };
  }
  console.log(JSON.stringify(results));
})();
`;
const leaf = `const { withTask } = require(${api}); withTask('in ' + process.argv[2], () => console.log(JSON.stringify({ ...process.env, LOADED: globalThis.loaded, LIMIT: String(Error.stackTraceLimit) })));`;

describe.each(NODE_VERSIONS)('on Node %s', (version) => {
  let seen: Seen;
  let results: {
    environments: Record<string, { sync: Record<string, string>; async: Record<string, string>; isSame: boolean; spawnargs: string[] }>;
    doors: Record<string, number>;
  };
  beforeAll(async () => {
    const files = { 'app.cjs': app, 'leaf.cjs': leaf, 'with space/own.cjs': `globalThis.loaded = 'own';`, ...doors };
    seen = await observe('with the preload alone', { node: nodeBinary(version), files });
    expect({ stderr: seen.stderr, code: seen.code }).toEqual({ stderr: '', code: 0 });
    results = JSON.parse(seen.stdout) as typeof results;
  }, FETCH_MINUTES);

  test.each(Object.keys(environments))('%s', (name) => {
    const { sync, async, isSame, spawnargs } = results.environments[name] ?? { sync: {}, async: {}, isSame: false, spawnargs: [] };
    const { expected = {}, isElsewhere = false } = environments[name] ?? {};
    for (const given of [sync, async]) {
      for (const [key, value] of Object.entries(expected)) expect([key, given[key]]).toEqual([key, value]);
      expect(given['NODE_OPTIONS']).toMatch(INHERITED_OPTION);
    }
    expect(isSame).toBe(true);
    expect(spawnargs).toEqual(['leaf.cjs', `${name} (async)`]);
    for (const each of [name, `${name} (async)`]) {
      const line = ancestry(seen.spans, theOne(seen.spans, `run_task in ${each}`));
      expect(line).toEqual(isElsewhere ? [`run_task in ${each}`] : [`run_task in ${each}`, 'node', `run_task ${each}`]);
    }
  });

  test.each(Object.keys(doors))('an app that came by node:child_process through %s', (name) => {
    expect(results.doors[name]).toBe(0);
    expect(ancestry(seen.spans, theOne(seen.spans, `run_task in ${name}`))).toEqual([`run_task in ${name}`, 'node', `run_task ${name}`]);
  });
});

test('three hundred children at once are three hundred spans, each with its pid and its end', async () => {
  const program = `const { spawn } = require('node:child_process');
    for (let at = 0; at < 300; at += 1) spawn('sh', ['-c', 'exit $0', String(at % 5)]);`;
  const { spans, stderr, code } = await observe('with the preload alone', { files: { 'app.cjs': program } });
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  const shells = spans.filter((span) => span.name === 'sh');
  expect(new Set(shells.map((span) => span.attributes['process.pid'])).size).toBe(300);
  expect(shells.filter((span) => span.attributes['process.exit.code'] === 0)).toHaveLength(60);
});
