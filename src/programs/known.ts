/** Shells, runtimes, package managers, and programs that only start others, by name. Pure data. */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** What a supervisor starts to see whether its private folder executes programs. It is no work of the run. */
export const PROBE_NAME = 'swarmscope-probe';

export const SHELLS = words('sh bash zsh dash fish ash ksh cmd powershell pwsh');
export const NODES = words('node nodejs tsx ts-node bun deno');
export const PACKAGE_MANAGERS = words(`
  npm pnpm yarn bun corepack pip pip3 pipx uv poetry pdm pipenv bundle cargo go npx bunx pnpx uvx apt apt-get brew
`);

/** Package runners, and the words after which they run the program of a package. */
export const PACKAGE_RUNNERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['npx', []],
  ['bunx', []],
  ['pnpx', []],
  ['uvx', []],
  ['npm', ['exec', 'x']],
  ['pnpm', ['dlx', 'exec']],
  ['yarn', ['dlx', 'exec', 'run']],
  ['bun', ['x']],
  ['pipx', ['run']],
  ['uv', ['run', 'x']],
  ['poetry', ['run']],
  ['pdm', ['run']],
  ['pipenv', ['run']],
  ['bundle', ['exec']],
]);
/** Options of package runners that take the next word. `-c` runs a shell text. */
export const RUNNER_VALUES = words('-p --package -w --workspace --from --with --python');

export interface Wrapper {
  /** Options that take the next word. */
  readonly values: ReadonlySet<string>;
  /** The number of its own words before the program. */
  readonly skips: number;
  /** Options with which it starts no program. */
  readonly asks?: ReadonlySet<string>;
}

const wrapper = (values: readonly string[] = [], skips = 0, asks: readonly string[] = []): Wrapper => ({
  values: new Set(values),
  skips,
  asks: new Set(asks),
});

export const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map([
  ['env', wrapper(['-u', '--unset', '-C', '--chdir'])],
  ['exec', wrapper(['-a'])],
  ['command', wrapper([], 0, ['-v', '-V'])],
  ['nohup', wrapper()],
  ['setsid', wrapper()],
  ['nice', wrapper(['-n', '--adjustment'])],
  ['ionice', wrapper(['-c', '-n', '-p'])],
  ['stdbuf', wrapper(['-i', '-o', '-e'])],
  ['time', wrapper(['-f', '-o'])],
  ['timeout', wrapper(['-k', '--kill-after', '-s', '--signal'], 1)],
  ['sudo', wrapper(['-u', '--user', '-g', '--group', '-C', '-h', '-p'], 0, ['-l', '-v', '-k'])],
  ['xvfb-run', wrapper(['-n', '-s', '-e', '-w'])],
]);

/** Programs that start another one as another user, with the same environment. */
export const USER_SWITCHERS = words(`
  su sudo doas runuser setpriv gosu su-exec setuidgid s6-setuidgid chpst capsh chroot pkexec unshare
`);

export const NODE_VALUES = words(`
  -r --require --import --loader --experimental-loader -C --conditions --env-file --env-file-if-exists --title --stack-trace-limit
`);
/** Options with which Node runs no file. */
export const NODE_TEXT = words('-e --eval -p --print -pe -c --check');

export const PYTHON = /^(?:python|pypy)(?:\d(?:\.\d+)?)?$/;
/** Options of Python that take the next word; `-m` ends them by naming a module, `-c` by a text. */
export const PYTHON_VALUES = words('-W -X --check-hash-based-pycs');
