/** The scripts in front of claude, codex and tmux, run by the shells that are there, with stand-ins that print what they got. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { makeShims } from '../../../src/cli/run/shims/index.ts';
import { isCodexSetUp } from '../../../src/config/run-environment/codex.ts';
import { freshFolder, testWith } from '../../harness/index.ts';

const ENDPOINT = 'http://127.0.0.1:4000/KEY';
const claude = { CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: '1', OTEL_LOGS_EXPORT_INTERVAL: '1000' };
let bin: string;
let home: string;
let environment: Record<string, string>;

/** Prints its path, its arguments and what a script may have changed of its environment. */
const STAND_IN = `#!/bin/sh
[ "$1" = -V ] && { echo "tmux 3.3a"; exit 0; }
case "$*" in *"show-environment -g") echo "$SERVER" | tr ' ' '\\n'; exit 0 ;; esac
printf '%s\\n' "$0" "$#" "$@"
env | grep -E '^(OTEL|CLAUDE|BETA|ENABLE|swarmscope)' | sort
exit 7
`;

beforeEach(() => {
  bin = freshFolder('bin');
  home = freshFolder('home');
  environment = {
    PATH: `${bin}:/usr/bin:/bin`,
    HOME: home,
    TRACEPARENT: '00-a-b-01',
    SWARMSCOPE_RUN_ID: 'it has spaces',
    BETA_TRACING_ENDPOINT: ENDPOINT,
    ENABLE_BETA_TRACING_DETAILED: '1',
    OTHER: 'no',
  };
  for (const name of ['claude', 'codex', 'tmux']) {
    writeFileSync(join(bin, name), STAND_IN);
    chmodSync(join(bin, name), 0o755);
  }
});

const made = (more: Partial<Parameters<typeof makeShims>[0]> = {}): Record<string, string> =>
  makeShims({ runFolder: freshFolder('run'), endpoint: ENDPOINT, claude, environment, wanted: ['claude', 'codex', 'tmux'], ...more });

/** As a shell finds the program, with what it prints by lines. */
function started(name: string, args: readonly string[], env: Record<string, string> = {}): { lines: string[]; code: number | null } {
  const { stdout, status } = spawnSync('sh', ['-c', '"$0" "$@"', name, ...args], {
    env: { ...environment, ...made(), ...env },
    encoding: 'utf8',
  });
  return { lines: stdout.trimEnd().split('\n'), code: status };
}

const ODD = ['a b', "it's", '', '*', '$HOME', '\\'];

test('the real program has its own path, every argument as it was, and its exit code', () => {
  const { lines, code } = started('claude', ODD);
  expect([lines.slice(0, 2 + ODD.length), code]).toEqual([[join(bin, 'claude'), String(ODD.length), ...ODD], 7]);
});

test('the process is the same one', () => {
  writeFileSync(join(bin, 'claude'), '#!/bin/sh\necho $$\n');
  const env = { ...environment, ...made() };
  const [outer, inner] = execFileSync('sh', ['-c', 'echo $$; exec claude'], { env, encoding: 'utf8' }).split('\n');
  expect(inner).toBe(outer);
});

test('the folder is private and in front, and has what is installed and wanted alone', () => {
  const path = made()['PATH'] ?? '';
  const [folder = '', ...rest] = path.split(':');
  expect(rest.join(':')).toBe(environment['PATH']);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'tmux')).mode & 0o777).toBe(0o700);
  expect(made({ wanted: ['none'] })).toEqual({});
  expect(made({ environment: { ...environment, PATH: home } })).toEqual({});
});

describe('claude', () => {
  test('is told by the standard variables, and no longer by those that only -p knows', () => {
    expect(started('claude', ['-p']).lines.slice(3)).toEqual(['CLAUDE_CODE_ENHANCED_TELEMETRY_BETA=1', 'OTEL_LOGS_EXPORT_INTERVAL=1000']);
  });

  test('keeps what the user has set, and is left alone where another target was chosen meanwhile', () => {
    expect(started('claude', ['-p'], { OTEL_LOGS_EXPORT_INTERVAL: '5' }).lines).toContain('OTEL_LOGS_EXPORT_INTERVAL=5');
    const other = started('claude', ['-p'], { BETA_TRACING_ENDPOINT: 'http://mine.example' }).lines.slice(3);
    expect(other).toEqual(['BETA_TRACING_ENDPOINT=http://mine.example', 'ENABLE_BETA_TRACING_DETAILED=1']);
  });
});

test('claude gets the address of its model back that a gateway has taken, and nothing else of what the gateway took', () => {
  writeFileSync(join(bin, 'claude'), '#!/bin/sh\nenv | grep ^[AO].*BASE_URL | sort\n');
  const taken = { ANTHROPIC_BASE_URL: 'http://127.0.0.1:5000/x', OPENAI_BASE_URL: 'http://127.0.0.1:5000/y' };
  const theirs = 'OPENAI_BASE_URL=https://o.example ANTHROPIC_BASE_URL=https://a.example/v1';
  expect(started('claude', [], { ...taken, SWARMSCOPE_GATEWAY_THEIRS: theirs }).lines).toEqual([
    'ANTHROPIC_BASE_URL=https://a.example/v1',
    'OPENAI_BASE_URL=http://127.0.0.1:5000/y',
  ]);
  expect(started('claude', [], { ...taken, SWARMSCOPE_GATEWAY_THEIRS: 'ANTHROPIC_BASE_URL=' }).lines).toEqual([
    'OPENAI_BASE_URL=http://127.0.0.1:5000/y',
  ]);
});

describe('codex', () => {
  const TOLD = [
    '-c',
    `otel.exporter={otlp-http={endpoint="${ENDPOINT}/v1/logs",protocol="binary"}}`,
    '-c',
    `otel.trace_exporter={otlp-http={endpoint="${ENDPOINT}/v1/traces",protocol="binary"}}`,
    '-c',
    `otel.metrics_exporter={otlp-http={endpoint="${ENDPOINT}/v1/metrics",protocol="binary"}}`,
    '-c',
    'otel.log_user_prompt=false',
  ];
  const argsOf = (lines: readonly string[]): readonly string[] => lines.slice(2, 2 + Number(lines[1]));

  test('gets its settings in front of its arguments', () => {
    expect(argsOf(started('codex', ['exec', 'do it']).lines)).toEqual([...TOLD, 'exec', 'do it']);
  });

  test.each(['[otel]', '  [otel.exporter.otlp-http]', 'otel.environment = "dev"', 'otel = { exporter = "none" }'])(
    'is left alone where its file says %s',
    (text) => {
      mkdirSync(join(home, '.codex'));
      writeFileSync(join(home, '.codex', 'config.toml'), `model = "x"\n${text}\n`);
      expect(argsOf(started('codex', ['exec']).lines)).toEqual(['exec']);
    },
  );

  test('is left alone where the user tells it himself, and not by a file that only speaks of it', () => {
    expect(argsOf(started('codex', ['-c', 'otel.exporter="none"', 'exec']).lines)).toEqual(['-c', 'otel.exporter="none"', 'exec']);
    mkdirSync(join(home, '.codex'));
    writeFileSync(join(home, '.codex', 'config.toml'), '# [otel] is off\nhotel = 1\n');
    expect(argsOf(started('codex', ['exec']).lines)).toEqual([...TOLD, 'exec']);
  });

  // The preload decides the same by itself where Node starts it by another path.
  test.each<[string, readonly string[], boolean]>([
    ['[ "otel" ]', [], true],
    ['"otel".exporter = "none"', [], true],
    ['[otelx]', [], false],
    ['otel_x = 1', [], false],
    ['model = "otel.x"', [], false],
    ['', ['-cotel.exporter="none"'], true],
    ['', ['--config=otel={ exporter = "none" }'], true],
    ['', ['otel is what this is about'], false],
  ])('the script and the preload are of one mind: %j with %j', (text, args, isSetUp) => {
    mkdirSync(join(home, '.codex'));
    writeFileSync(join(home, '.codex', 'config.toml'), `model = "x"\n${text}\n`);
    expect(argsOf(started('codex', args).lines)).toEqual(isSetUp ? args : [...TOLD, ...args]);
    expect(isCodexSetUp({ HOME: home }, args)).toBe(isSetUp);
  });
});

test('a variable by which programs are told where to send goes with a pane of tmux, and no other one does', () => {
  const more = { GEMINI_TELEMETRY_OTLP_ENDPOINT: ENDPOINT, MLFLOW_ENABLE_DUAL_EXPORT: 'true', NO_PROXY: 'corp', OPENAI_API_KEY: 'secret' };
  const { PATH } = made({ environment: { ...environment, ...more } });
  const { stdout } = spawnSync('sh', ['-c', 'tmux new-session'], { env: { ...environment, ...more, PATH }, encoding: 'utf8' });
  const names = stdout.split('\n').flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? []);
  expect(names).toEqual(expect.arrayContaining(['GEMINI_TELEMETRY_OTLP_ENDPOINT', 'MLFLOW_ENABLE_DUAL_EXPORT', 'SWARMSCOPE_RUN_ID']));
  expect(names).not.toEqual(expect.arrayContaining(['NO_PROXY']));
  expect(names).not.toEqual(expect.arrayContaining(['OPENAI_API_KEY']));
});

test('with the gateway, what leads to it goes with a pane', () => {
  const base = { OPENAI_BASE_URL: 'http://127.0.0.1:5000/word/openai/v1', ANTHROPIC_BASE_URL: 'http://theirs.example' };
  const { PATH } = made({ environment: { ...environment, ...base }, gateway: ['OPENAI_BASE_URL'] });
  const { stdout } = spawnSync('sh', ['-c', 'tmux new-session'], { env: { ...environment, ...base, PATH }, encoding: 'utf8' });
  expect(stdout.split('\n')).toContain(`OPENAI_BASE_URL=${base.OPENAI_BASE_URL}`);
  expect(stdout).not.toContain('ANTHROPIC_BASE_URL');
});

describe('tmux', () => {
  const CARRIED = [
    '-e',
    'TRACEPARENT=00-a-b-01',
    '-e',
    'SWARMSCOPE_RUN_ID=it has spaces',
    '-e',
    `BETA_TRACING_ENDPOINT=${ENDPOINT}`,
    '-e',
    'ENABLE_BETA_TRACING_DETAILED=1',
  ];
  const argsOf = (lines: readonly string[]): readonly string[] => lines.slice(2, 2 + Number(lines[1]));

  test.each<[string, string[], string[], string[]]>([
    ['a session', ['new-session', '-d', 'claude -p x'], ['new-session'], ['-d', 'claude -p x']],
    ['its short name', ['new', '-d'], ['new'], ['-d']],
    ['a window of a named server', ['-L', 'new', '-f', '/dev/null', 'neww'], ['-L', 'new', '-f', '/dev/null', 'neww'], []],
    ['a pane', ['split-window', '-h', 'a b'], ['split-window'], ['-h', 'a b']],
    ['a pane again', ['-2', 'respawnp', '-k'], ['-2', 'respawnp'], ['-k']],
  ])('%s gets the variables of the run', (_title, args, before, after) => {
    expect(argsOf(started('tmux', args).lines)).toEqual([...before, ...CARRIED, ...after]);
  });

  test.each<[string, string | undefined]>([
    ['HTTPS_PROXY=http://proxy:3128', '127.0.0.1,localhost'],
    ['http_proxy=http://proxy:3128 no_proxy=corp', 'corp,127.0.0.1,localhost'],
    ['ALL_PROXY=http://proxy:3128 NO_PROXY=*', undefined],
    ['ALL_PROXY=http://proxy:3128 NO_PROXY=*.corp', '*.corp,127.0.0.1,localhost'],
    ['NO_PROXY=corp', undefined],
    ['HTTPS_PROXY= FTP_PROXY=http://proxy:3128', undefined],
  ])('of a server with %s: its panes reach this machine without a proxy', (server, spared) => {
    const args = argsOf(started('tmux', ['-S', 'a socket', 'neww'], { SERVER: server }).lines);
    const more = spared === undefined ? [] : ['-e', `NO_PROXY=${spared}`, '-e', `no_proxy=${spared}`];
    expect(args).toEqual(['-S', 'a socket', 'neww', ...CARRIED, ...more]);
  });

  testWith('tmux', 'a pane of a real server that has a proxy is told to spare this machine', () => {
    const folder = freshFolder('tmux');
    const [socket, said] = [join(folder, 'a socket'), join(folder, 'said')];
    const own = { ...environment, PATH: process.env['PATH'] ?? '' };
    const { PATH = '' } = made({ environment: own });
    const tmux = (env: Record<string, string>, ...args: string[]): string =>
      execFileSync('sh', ['-c', 'tmux -f /dev/null -S "$@"', 'sh', socket, ...args], { env, encoding: 'utf8' });
    tmux({ ...own, HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'corp' }, 'new-session', '-d', 'sleep 60');
    try {
      tmux({ ...own, PATH }, 'new-window', '-d', `echo "$NO_PROXY $SWARMSCOPE_RUN_ID" > '${said}'; tmux -S '${socket}' wait-for -S told`);
      tmux(own, 'wait-for', 'told');
      expect(readFileSync(said, 'utf8')).toBe('corp,127.0.0.1,localhost it has spaces\n');
    } finally {
      tmux(own, 'kill-server');
    }
  });

  test.each([[['ls']], [['send-keys', 'new-session', 'Enter']], [[]]])('%j stays as it is', (args) => {
    expect(argsOf(started('tmux', args).lines)).toEqual(args);
  });

  test('one that is too old for it gets none', () => {
    writeFileSync(join(bin, 'tmux'), STAND_IN.replace('3.3a', '3.1c'));
    expect(argsOf(started('tmux', ['new-window']).lines)).toEqual(['new-window']);
  });
});
