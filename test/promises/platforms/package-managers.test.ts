/**
 * Where it runs: package managers beside the preload print what they print without it, and what they start in a
 * workspace is recorded.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { ensureBuilt, freshFolder, preloadFile, repository, runProgram } from '../../harness/index.ts';
import { asks, expectRecorded, FETCH_MINUTES, tidy } from './seen.ts';
import { installTools } from './tools/install.ts';

ensureBuilt();
let tools = '';
let packed = '';
beforeAll(() => {
  tools = installTools();
  packed = packProduct();
}, FETCH_MINUTES);

/** The package as npm would publish it. */
function packProduct(): string {
  const folder = freshFolder('packed');
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = spawnSync('npm', args, { cwd: repository, encoding: 'utf8' });
  const [first] = JSON.parse(stdout) as [{ filename: string }];
  return join(folder, first.filename);
}

const managers: Record<string, string> = {
  pnpm: 'pnpm10/bin/pnpm.cjs',
  'pnpm, the native one': 'pnpm/bin/pnpm.mjs',
  'yarn classic': 'yarn/bin/yarn.js',
  'yarn berry': '@yarnpkg/cli-dist/bin/yarn.js',
};

test.each(Object.entries(managers))('%s prints the same, and loads nothing beyond register.cjs', async (_title, script) => {
  const telling = freshFolder('telling');
  copyFileSync(preloadFile, join(telling, 'register.cjs'));
  writeFileSync(join(telling, 'arming.cjs'), "process.getBuiltinModule('node:fs').writeSync(2, 'ARMED\\n');");
  const files = { 'package.json': '{"name":"a","version":"1.0.0","scripts":{"tell":"node -p 41+1"}}', 'yarn.lock': '' };
  const options = { command: process.execPath, files, preloadFile: join(telling, 'register.cjs') };
  // Yarn berry runs scripts of an installed project only: its workspace below does.
  for (const words of [['--version'], ...(script.startsWith('@yarnpkg') ? [['config', 'get', 'nodeLinker']] : [['run', 'tell']])]) {
    const args = [join(tools, script), ...words];
    const plain = await runProgram({ ...options, args, preload: 'none' });
    const loaded = await runProgram({ ...options, args, preload: 'NODE_OPTIONS' });
    const seen = ({ stdout, stderr, code }: typeof plain): unknown => ({
      code,
      stdout: withoutTimes(tidy(stdout)),
      // The script of the package is the one program that is none of a tool.
      stderr: tidy(stderr).replace(words[0] === 'run' ? 'ARMED\n' : '', ''),
    });
    expect(plain.code).toBe(0);
    expect(seen(loaded)).toEqual(seen(plain));
    if (words[0] === 'run') expect(loaded.stderr).toContain('ARMED\n');
  }
});

function withoutTimes(output: string): string {
  return output.replaceAll(/\d+(?:\.\d+)?m?s\b/g, 'TIME');
}

/** `app` uses `lib` of the same workspace and the packed product, and forks itself; the child asks, too. */
function workspace(): string {
  const folder = freshFolder('program');
  const files: Record<string, string> = {
    'package.json': '{"name":"root","private":true,"workspaces":["packages/*"]}',
    'pnpm-workspace.yaml': 'packages: ["packages/*"]\n',
    '.yarnrc.yml': 'nodeLinker: pnp\nenableTelemetry: false\nenableGlobalCache: false\nenableNetwork: false\npnpEnableEsmLoader: false\n',
    'yarn.lock': '',
    'packages/lib/package.json': '{"name":"lib","version":"1.0.0","main":"lib.cjs"}',
    'packages/lib/lib.cjs': "module.exports = 'from lib';\n",
    'packages/app/package.json': JSON.stringify({
      name: 'app',
      version: '1.0.0',
      scripts: { start: 'node app.cjs' },
      dependencies: { lib: 'workspace:*', swarmscope: `file:${packed}` },
    }),
    'packages/app/app.cjs': `const { withTask } = require('swarmscope');
const word = require('lib');
async function main() {${asks}  console.log(word, answer, process.argv[2] ?? 'parent');
}
const run = async () => {
  await main();
  if (process.argv[2] !== 'child') {
    await new Promise((resolve) => require('node:child_process').fork(__filename, ['child']).once('exit', resolve));
  }
};
withTask('in workspace', run);
`,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

async function install(folder: string, args: readonly string[]): Promise<void> {
  const result = await runProgram({ command: process.execPath, args, cwd: folder, preload: 'NODE_OPTIONS' });
  expect(result).toMatchObject({ code: 0 });
}

test.each(['pnpm', 'pnpm, the native one'])(
  'a workspace of %s: a program and its child are recorded, whichever copy of the product it calls',
  async (title) => {
    const folder = workspace();
    const manager = join(tools, managers[title] ?? '');
    await install(folder, [manager, 'install', '--offline', '--ignore-scripts']);
    expect(existsSync(join(folder, 'node_modules/.pnpm'))).toBe(true);
    await expectWorkspace(folder, [manager, '--filter', 'app', 'run', 'start']);
  },
  FETCH_MINUTES,
);

test(
  "Yarn's Plug'n'Play: a program under .pnp.cjs and its child are recorded, without a node_modules",
  async () => {
    const folder = workspace();
    const manager = join(tools, managers['yarn berry'] ?? '');
    await install(folder, [manager, 'install', '--mode=skip-build']);
    expect(existsSync(join(folder, '.pnp.cjs'))).toBe(true);
    expect(existsSync(join(folder, 'node_modules'))).toBe(false);
    await expectWorkspace(folder, [manager, 'workspace', 'app', 'run', 'start']);
    await expectWorkspace(folder, ['--require', join(folder, '.pnp.cjs'), join(folder, 'packages/app/app.cjs')]);
  },
  FETCH_MINUTES,
);

/** Two calls, the child's in the trace of its parent's task. */
async function expectWorkspace(folder: string, args: readonly string[]): Promise<void> {
  const { spans } = await expectRecorded(
    { command: process.execPath, args, cwd: folder, normalise: withoutTimes, env: { npm_config_update_notifier: 'false' } },
    'from lib pong child\n',
    2,
  );
  const tasks = spans.filter(({ name }) => name === 'run_task in workspace');
  expect(tasks).toHaveLength(2);
  expect(new Set(tasks.map(({ traceId }) => traceId)).size).toBe(1);
}
