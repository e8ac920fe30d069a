/** The terminal is the program's: what is known of it without a byte to it, and what the status line makes of that. */
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { commandFile, ensureBuilt, repository, testWith } from '../../harness/index.ts';
import { runInTerminal } from './pseudo-terminal.ts';

/** What a program does with its terminal, as a line of a shell, and what is then known. */
const DEEDS: readonly (readonly [deed: string, line: string, expected: string])[] = [
  ['nothing', 'true', 'free'],
  ['writes a prompt without a newline', 'printf "Name? "', 'taken'],
  ['writes to stderr', 'printf "10 %%\\r" >&2', 'taken'],
  ['writes past its streams', 'printf Password: > /dev/tty', 'taken'],
  ['opens the alternate screen', "printf '\\033[?1049h'", 'taken'],
  ['reads keys', 'stty raw', 'busy'],
  ['reads keys one by one', 'stty sane; stty -icanon', 'busy'],
  ['reads a password', 'stty sane; stty -echo', 'busy'],
  ['has set the modes of a shell again', 'stty sane', 'free'],
  ['writes in the modes of a full screen', 'stty raw; printf x; stty sane', 'taken'],
];

const probe = `
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { watchTerminal } from ${JSON.stringify(join(repository, 'src/cli/run/terminal.ts'))};
const found = [];
for (const line of JSON.parse(process.argv[2])) {
  const terminal = watchTerminal(2);
  spawnSync('sh', ['-c', line], { stdio: 'inherit' });
  found.push((await terminal?.look()) ?? 'not known');
}
const ours = watchTerminal(2);
ours.write('a line of ours\\r\\n');
writeFileSync('found.json', JSON.stringify([...found, await ours.look()]));
spawnSync('sh', ['-c', 'set -m; node background.ts & wait'], { stdio: 'inherit' });
console.log('found:' + process.getBuiltinModule('node:fs').readFileSync('found.json', 'utf8') + ':');
`;
const background = `
import { readFileSync, writeFileSync } from 'node:fs';
import { watchTerminal } from ${JSON.stringify(join(repository, 'src/cli/run/terminal.ts'))};
const found = JSON.parse(readFileSync('found.json', 'utf8'));
writeFileSync('found.json', JSON.stringify([...found, watchTerminal(2) === undefined ? 'not known' : 'watched']));
`;

testWith(
  'python3',
  'a terminal is free until somebody else writes to it, and only in the modes and the foreground of a shell',
  async () => {
    const lines = DEEDS.map(([, line]) => line);
    const files = { 'probe.ts': probe, 'background.ts': background };
    const { stdout } = await runInTerminal([process.execPath, 'probe.ts', JSON.stringify(lines)], [], { files });
    const found = JSON.parse(/found:(.*):/.exec(stdout)?.[1] ?? stdout) as string[];
    const titles = [...DEEDS.map(([deed]) => deed), 'what we write ourselves', 'in the background'];
    expect(found.map((state, at) => [titles[at], state])).toEqual([
      ...DEEDS.map(([deed, , expected]) => [deed, expected]),
      ['what we write ourselves', 'free'],
      ['in the background', 'not known'],
    ]);
  },
);

/** Quiet until the file is there, then a question; it works on for two looks of the status line, and ends. */
const asking = `
const { createInterface } = require('node:readline');
const { existsSync } = require('node:fs');
const wait = setInterval(() => {
  if (!existsSync('seen')) return;
  clearInterval(wait);
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  lines.question('Name? ', (name) => setTimeout(() => { console.log('Hello ' + name); lines.close(); }, 2500));
}, 20);
`;
const quiet = `setInterval(() => process.getBuiltinModule('node:fs').existsSync('seen') && process.exit(3), 20);`;

interface Case {
  /** Of Node; or a whole command. */
  readonly program?: string;
  readonly command?: readonly string[];
  readonly steps: Parameters<typeof runInTerminal>[1];
  readonly code: number;
  readonly printed: string;
}

const STATUS = String.raw`\d+\.\d s  no LLM call seen(?:  \d+ process(?:es)?)?`;
const REPAINTED = String.raw`(?:\x1b7\x1b\[1A\r\x1b\[2K${STATUS}\x1b8)+`;
/** Painted, and painted again. */
const seen = [{ when: 'no LLM call' }, { when: 'no LLM call', make: 'seen' }];

const cases: Record<string, Case> = {
  'the line stands while a program is silent, and goes at its end': {
    program: quiet,
    steps: seen,
    code: 3,
    printed: String.raw`^\r${STATUS}\r\n${REPAINTED}\x1b\[1A\r\x1b\[J\r\n`,
  },
  'after the first word of the program nothing is painted: its question stands': {
    program: asking,
    steps: [...seen, { when: 'Name? ', type: 'Ann\r' }],
    code: 0,
    // What readline itself writes stands between the question and the answer.
    printed: String.raw`^\r${STATUS}\r\n${REPAINTED}(?:\x1b\[\w+)*Name\? (?:\x1b\[\w+|Ann|\r|\n)*Hello Ann\r\n(?:\x1b\[\w+)*\r\n`,
  },
  'a program that begins with a prompt sees no line at all': {
    // A shell, which begins before the first look also on a busy machine.
    command: ['sh', '-c', "printf 'Sure? '; sleep 2.5; echo well"],
    steps: [],
    code: 0,
    printed: String.raw`^\rSure\? well\r\n\r\n`,
  },
};

for (const [title, { program = '', command = [process.execPath, 'app.cjs'], steps, code, printed }] of Object.entries(cases))
  testWith('python3', title, async () => {
    ensureBuilt();
    const run = [process.execPath, commandFile, 'run', '--', ...command];
    const result = await runInTerminal(run, steps, { files: { 'app.cjs': program }, env: { TERM: 'xterm', LC_ALL: 'C.UTF-8' } });
    expect(result).toMatchObject({ code });
    expect(result.stdout).toMatch(new RegExp(printed));
  });

/** Output is stopped, as by Ctrl-S; two updates of the line later the receiver is asked, and output goes on. */
const stopped = `
const { spawnSync } = require('node:child_process');
const flow = (action) => spawnSync('python3', ['-c', 'import termios; termios.tcflow(0, termios.' + action + ')'], { stdio: 'inherit' });
flow('TCOOFF');
setTimeout(async () => {
  const answer = await fetch(process.env.SWARMSCOPE_ENDPOINT + '/healthz', { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  flow('TCOON');
  process.exitCode = answer?.status === 200 ? 3 : 4;
}, 2_500);
`;

testWith('python3', 'a terminal that is stopped does not hold up the receiver', async () => {
  ensureBuilt();
  const run = [process.execPath, commandFile, 'run', '--', process.execPath, 'app.cjs'];
  expect(await runInTerminal(run, [], { files: { 'app.cjs': stopped }, env: { TERM: 'xterm' } })).toMatchObject({ code: 3 });
});
