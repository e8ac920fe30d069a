// Cases of cross-spawn: events and results as its callers see them.
import { text } from 'node:stream/consumers';
import { writeFileSync } from 'node:fs';
import spawn from 'cross-spawn';
import { node, repository } from './fixtures.mjs';

/** Every event of a child in its order, with what it printed. */
async function seen(child) {
  const events = [];
  for (const name of ['spawn', 'error', 'exit', 'close'])
    child.on(name, (...values) =>
      events.push([
        name,
        ...values.map((value) => (value instanceof Error ? [value.code, value.syscall, value.path, value.spawnargs] : value)),
      ]),
    );
  const closed = new Promise((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { events, stdout, stderr, spawnfile: child.spawnfile, spawnargs: child.spawnargs, exitCode: child.exitCode };
}

const synced = ({ status, signal, error, stdout, stderr, output }) => ({ status, signal, error: error?.code, stdout, stderr, output });

export const cases = {
  'output and arguments': () => seen(spawn(node, ['-p', 'process.argv.slice(1)', '--', 'a b', '^"'])),
  'an exit code': () => seen(spawn('sh', ['-c', 'echo before; exit 9'])),
  'no such program': () => seen(spawn('no-such-program', ['a'])),
  'a script by its first line': () => {
    writeFileSync('script', '#!/usr/bin/env node\nconsole.log("script", process.argv.length);\n', { mode: 0o755 });
    return seen(spawn('./script', ['a']));
  },
  'git that fails': () => seen(spawn('git', ['rev-parse', '--verify', 'no-such-branch'], { cwd: repository() })),
  sync: () => synced(spawn.sync(node, ['-p', '1+1'], { encoding: 'utf8' })),
  'sync with no such program': () => synced(spawn.sync('no-such-program', ['a'], { encoding: 'utf8' })),
  'sync git': () => synced(spawn.sync('git', ['commit', '--allow-empty', '-q', '-m', 'one'], { cwd: repository(), encoding: 'utf8' })),
};
