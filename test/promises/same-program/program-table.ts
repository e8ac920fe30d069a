// The table of real programs that must not be able to tell that the preload is there: one row, one title, one process
// more and one less.
import { join } from 'node:path';
import { programs, type Program, type State } from './program-run.ts';

/** `from`: the lowest Node that has what the program uses. */
export type Row = readonly [title: string, program: Program, from?: { readonly major: number; readonly below?: number }];

const within = (script: string): Program['line'] => {
  return (node, flags, file) => ['/bin/sh', '-c', script, 'sh', node, ...flags, file];
};
const pseudoTerminal = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';
const permission = (...allowed: string[]): Program => ({
  program: 'permissions.cjs',
  nodeArgs: ['--permission', '--allow-fs-read=*', ...allowed.map((name) => `--allow-${name}`)],
});
const hostile = (what: string): Row => [`a program with ${what}`, { program: 'hostile.cjs', args: [what], isSilent: true }];

export const servers: readonly Row[] = [
  ['an HTTP server: keep-alive, chunks, an aborted client, a graceful close', { program: 'http-server.cjs' }],
  ['an HTTPS server with a refused and a trusted certificate', { program: 'https-server.mjs' }],
  ['an HTTP/2 server with trailers and a refused stream', { program: 'http2.cjs' }],
  ['TCP with half-open ends, a Unix socket, datagrams', { program: 'sockets.cjs' }],
  ['fetch: bodies, tee, abort, refusal', { program: 'fetch.mjs' }],
];

export const commands: readonly Row[] = [
  ['a command that reads a pipe', { program: 'read-input.cjs', stdin: 'some text' }],
  ['a command with nothing on stdin', { program: 'read-input.cjs' }],
  ['a command whose stdin is closed', { program: 'read-input.cjs', line: within('exec "$@" <&-') }],
  ['a command whose stdout is closed', { program: 'read-input.cjs', line: within('exec "$@" >&-') }],
  ['a command whose reader leaves early', { program: 'prints-much.cjs', line: within('{ "$@"; echo "code $?" >&2; } | head -n 1') }],
  [
    'the REPL',
    { nodeArgs: ['-i'], stdin: '1 + 1\nvar a = [1, 2]\na.map((x) => x * 2)\nthrow new Error("x")\nawait Promise.resolve(3)\n.exit\n' },
  ],
  ['node -e', { nodeArgs: ['-e', 'console.log(process.argv.length, __filename); process.exitCode = 3'] }],
  ['node -p', { nodeArgs: ['-p', '[1, 2].map(String)', 'a'] }],
  [
    'node --input-type=module',
    { nodeArgs: ['--input-type=module', '-e', 'console.log(typeof require, await Promise.resolve(import.meta.url))'] },
  ],
  ['a program on stdin', { nodeArgs: ['-'], stdin: 'console.log("from stdin", process.argv.length)' }],
  [
    'node --test',
    {
      nodeArgs: ['--test', '--test-reporter=tap', join(programs, 'tested.mjs')],
      normalise: (text) => text.replaceAll(/duration_ms.*/g, ''),
    },
  ],
  ['a preload named by NODE_OPTIONS', { program: 'read-input.cjs', stdin: 'some text', nodeOptions: '--no-warnings' }],
];

/** Python makes the terminal. */
export const terminals: readonly Row[] = [
  [
    'a command at a terminal',
    { program: 'ask.cjs', stdin: 'Ann\n', line: (node, flags, file) => ['python3', '-c', pseudoTerminal, node, ...flags, file] },
  ],
];

export const modules: readonly Row[] = [
  ['an ES module whose top-level await never settles', { program: 'top-level-await.mjs' }],
  ['a program that patches Module._load and clears require.cache', { program: 'module-patches.cjs' }],
  ['an app with synchronous module hooks', { program: 'app-hooks.mjs' }],
  ['an app with a loader thread (module.register)', { program: 'loader-thread.mjs' }],
  ['an app with a loader given to --import', { program: 'plain.mjs', nodeArgs: ['--import', join(programs, 'own-loader.mjs')] }],
  ['vm contexts', { program: 'contexts.cjs' }],
];

export const threads: readonly Row[] = [
  ['worker threads: data, codes, errors, terminate, memory, streams', { program: 'workers.cjs' }],
  ['a cluster with a worker that is restarted', { program: 'cluster.cjs' }],
  ['children over IPC, of both serialisations', { program: 'ipc.cjs' }],
];

export const lives: readonly Row[] = [
  ['ten listeners for each way out', { program: 'many-listeners.cjs', args: ['10'] }],
  ['eleven listeners for each way out', { program: 'many-listeners.cjs', args: ['11'] }],
  ['events of the process: order and counts', { program: 'events.cjs' }],
  ['a program with nothing to do', { program: 'nothing.cjs' }],
  ['an uncaught exception', { program: 'throws.cjs' }],
  ['an unhandled rejection', { program: 'rejects.cjs' }],
  ['process.exit() with output on its way', { program: 'exits.cjs' }],
  ['async hooks and contexts of the app', { program: 'async-context.cjs' }],
  ['diagnostics channels of the app', { program: 'channels.cjs' }],
  ['prepareStackTrace of the app', { program: 'stack-traces.cjs' }],
  ['symbols and names on global objects', { program: 'symbols.cjs' }],
];

export const replaced: readonly Row[] = [
  ['a program under a fake clock', { program: 'fake-timers.cjs', env: { PROGRAM_FAKE_TIMERS: '@sinonjs/fake-timers' } }],
  ['a program that replaces and counts nearly everything', { program: 'replaced.cjs', isAwakeOnly: true }],
  ['a program whose chance is seeded', { program: 'seeded.cjs', nodeArgs: ['--random-seed=7'] }],
  hostile('no globals'),
  hostile('broken JSON, Date and clocks'),
  hostile('broken Map, Set and WeakMap'),
  hostile('broken arrays'),
  hostile('additions to Object.prototype'),
  hostile('frozen prototypes'),
  hostile('broken fs'),
];

export const flags: readonly Row[] = [
  ['--frozen-intrinsics', { program: 'deprecated.cjs', nodeArgs: ['--frozen-intrinsics'] }],
  [
    '--pending-deprecation --trace-warnings --throw-deprecation',
    { program: 'deprecated.cjs', nodeArgs: ['--pending-deprecation', '--trace-warnings', '--throw-deprecation'] },
  ],
  [
    'strict rejections, short stacks, source maps, no addons, traced exits',
    {
      program: 'deprecated.cjs',
      nodeArgs: ['--unhandled-rejections=strict', '--stack-trace-limit=3', '--enable-source-maps', '--no-addons', '--trace-uncaught'],
    },
  ],
  [
    '--disallow-code-generation-from-strings --disable-proto=throw',
    { program: 'eval.cjs', nodeArgs: ['--disallow-code-generation-from-strings', '--disable-proto=throw'] },
  ],
  ['--inspect=0', { program: 'surroundings.cjs', nodeArgs: ['--inspect=0'], normalise: (text) => text.replaceAll(/ws:\S+/g, 'ws') }],
  // Above 24 a program with permissions has no network unless it is given: nothing arrives.
  ['--permission, nothing granted', { ...permission(), isSilent: true }],
  ['--permission with fs-write', { ...permission('fs-write=*'), isSilent: true }],
  ['--permission with child-process', { ...permission('child-process'), isSilent: true }],
  ['--permission with worker', { ...permission('worker'), isSilent: true }],
  ['--permission with all of these', { ...permission('fs-write=*', 'child-process', 'worker'), isSilent: true }],
  [
    '--experimental-permission',
    { program: 'permissions.cjs', nodeArgs: ['--experimental-permission', '--allow-fs-read=*'] },
    { major: 22, below: 23 },
  ],
  ['--permission with the network', permission('net'), { major: 25 }],
];

export const surroundings: readonly Row[] = [
  [
    'no environment at all',
    {
      program: 'surroundings.cjs',
      isSilent: true,
      line: within(
        'exec env -i PROGRAM_API="$PROGRAM_API" PROGRAM_IS_AWAKE="$PROGRAM_IS_AWAKE" PROGRAM_EXPECTS_PRELOAD="$PROGRAM_EXPECTS_PRELOAD" "$@"',
      ),
    },
  ],
  ['an environment of 100 KB', { program: 'surroundings.cjs', env: { BIG: 'x'.repeat(100_000) } }],
  [
    'folders that cannot be written',
    { program: 'surroundings.cjs', env: { HOME: '/proc', TMPDIR: '/proc', XDG_CACHE_HOME: '/proc/c', XDG_STATE_HOME: '/proc/s' } },
  ],
  [
    'folders that do not exist',
    { program: 'surroundings.cjs', env: { HOME: '/nonexistent/home', TMPDIR: '/nonexistent/tmp', XDG_CACHE_HOME: '', XDG_STATE_HOME: '' } },
  ],
  ['a working folder that is gone', { program: 'surroundings.cjs', line: within('mkdir gone && cd gone && rmdir ../gone && exec "$@"') }],
  ['a umask of 0777', { program: 'surroundings.cjs', line: within('umask 0777; exec "$@"') }],
  ['no file descriptor left', { program: 'many-files.cjs', line: within('ulimit -n 64; exec "$@"') }],
];

/** The Node on which each program also runs with a preload that is armed and has nothing to record. */
const IDLE_ON = '24.21.0';

export function rowsFor(version: string, rows: readonly Row[]): [title: string, state: State, program: Program][] {
  const major = Number(version.split('.')[0]);
  const present = rows.filter(([, , range]) => range === undefined || (major >= range.major && major < (range.below ?? Infinity)));
  return present.flatMap(([title, program]) => [
    [title, 'awake', program] as [string, State, Program],
    ...(version === IDLE_ON && program.isAwakeOnly !== true
      ? [[`${title}; nothing recorded`, 'idle', program] as [string, State, Program]]
      : []),
  ]);
}
