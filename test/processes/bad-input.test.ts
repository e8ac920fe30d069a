/** Programs that hide, and machines that hide them: the program runs as without us, and nothing is told twice or of another. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { JsonReport } from '../../src/cli/report/json.ts';
import { linuxProcesses } from '../../src/machine/process-table.ts';
import { commandFile, ensureBuilt, freshFolder, runProgram, testWith, type ProgramResult } from '../harness/index.ts';

ensureBuilt();
const onLinux = linuxProcesses() === undefined ? test.skip : test;

/** Whether namespaces can be made here; as another user than root a machine may refuse it. */
function canUnshare(): boolean {
  try {
    execFileSync('unshare', ['--mount', '--pid', '--fork', '--mount-proc', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('unshare --mount --pid is refused: run these tests as root, or allow user namespaces.');
    return false;
  }
}
const withNamespaces = canUnshare() ? test : test.skip;

const AGENT = '#!/bin/sh\necho out; echo err >&2\nsleep 1\nexit 3\n';

interface Ran extends ProgramResult {
  readonly report: JsonReport;
}

/** `wrap`: a command that runs the run. */
async function run(text: string, wrap: readonly string[] = []): Promise<Ran> {
  const json = join(freshFolder('report'), 'report.json');
  const [command = '', ...args] = [...wrap, process.execPath, commandFile, 'run', '--quiet', '--json', json, '--', 'bash', 'swarm.sh'];
  const files = { 'swarm.sh': `chmod +x bin/*\n${text}`, 'bin/claude': AGENT };
  const result = await runProgram({ files, preload: 'none', command, args });
  return { ...result, report: JSON.parse(readFileSync(json, 'utf8')) as JsonReport };
}

const namesOf = ({ report }: Ran): string[] => report.agents.map(({ name }) => name);

withNamespaces('a program in a pid namespace of its own is seen by its numbers outside', async () => {
  const seen = await run('unshare --mount --pid --fork --mount-proc bin/claude -p a; exit $?');
  expect([seen.code, namesOf(seen)]).toEqual([3, ['claude']]);
});

withNamespaces('where other users’ processes are hidden, those of the run are seen', async () => {
  const hidden = [
    'unshare',
    '--mount',
    'sh',
    '-c',
    'mount -o remount,hidepid=2 /proc 2>/dev/null || mount -t proc -o hidepid=2 proc /proc; exec "$@"',
    'sh',
  ];
  const seen = await run('bin/claude -p a & wait $!', hidden);
  expect([seen.code, namesOf(seen)]).toEqual([3, ['claude']]);
});

/**
 * Runs as a user who sees no process of another one; a root folder of its own, since that of the machine may be root's alone.
 * `mount` of /proc is that of a new system, whose hiding holds for everybody but root.
 */
const asNobody = `root=$1 home=$2; shift 2
mount -t tmpfs -o mode=755 none "$root"
for each in usr etc dev; do mkdir "$root/$each"; mount --rbind "/$each" "$root/$each"; done
for each in bin lib lib64 sbin; do if [ -L "/$each" ]; then ln -s "usr/$each" "$root/$each"; else mkdir "$root/$each"; mount --rbind "/$each" "$root/$each"; fi; done
mkdir -m 1777 "$root/tmp"
for each in "$home" "$PACKAGE" "$NODE"; do mkdir -p "$root$each"; mount --bind "$each" "$root$each"; done
mkdir "$root/proc"; mount -t proc -o hidepid=2 proc "$root/proc"
exec chroot "$root" setpriv --reuid=65534 --regid=65534 --clear-groups "$@"`;

testWith('networks and mounts as root', 'a user who sees no process of other users sees those of the run, also what left it', async () => {
  const home = freshFolder('home');
  chmodSync(home, 0o777);
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin/claude'), AGENT, { mode: 0o755 });
  const swarm = 'bin/claude -p a & (setsid bin/claude -p b &) ; env -i bin/claude -p c & wait; sleep 2; ls /proc | grep -c "^[0-9]"';
  const { stdout, code } = await runProgram({
    preload: 'none',
    command: 'unshare',
    env: { PACKAGE: dirname(commandFile), NODE: dirname(process.execPath) },
    args: [
      ...['--mount', 'sh', '-ec', asNobody, 'sh', freshFolder('root'), home, 'env', '-C', home, `HOME=${home}`, process.execPath],
      ...[commandFile, 'run', '--quiet', '--json', 'report.json', '--', 'bash', '-c', swarm],
    ],
  });
  const lines = stdout.trim().split('\n');
  // No more than swarmscope, bash, ls and grep.
  expect([code, Number(lines.at(-1)) <= 5]).toEqual([0, true]);
  const { agents } = JSON.parse(readFileSync(join(home, 'report.json'), 'utf8')) as JsonReport;
  expect(agents.map(({ name }) => name)).toEqual(['claude', 'claude', 'claude']);
});

withNamespaces('without /proc the program runs as it would, and no agent is made up', async () => {
  const bare = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /proc && exec "$@"', 'sh'];
  const seen = await run('bin/claude -p a & wait $!', bare);
  expect([seen.code, namesOf(seen)]).toEqual([3, []]);
  expect(seen.stdout).toContain('out\n');
});

onLinux('an agent that cleared its environment, called itself otherwise or closed all it held is one agent, of its parent', async () => {
  const seen = await run(
    `env -i bin/claude -p a & bash -c 'exec 0<&- 1>&- 2>&-; exec bin/claude -p b' & (exec -a "worker: 3" bin/claude -p c) & wait`,
  );
  expect([seen.code, namesOf(seen)]).toEqual([0, ['claude', 'claude', 'claude']]);
  expect(new Set(seen.report.agents.map(({ pid }) => pid)).size).toBe(3);
});

onLinux('3,000 short processes end with the run, none of them is an agent, and what was an agent is one', async () => {
  const seen = await run('bin/claude -p a & for i in $(seq 3000); do /bin/true; done; wait; exit 7');
  expect([seen.code, namesOf(seen)]).toEqual([7, ['claude']]);
  expect(seen.report.children.cpuSeconds).toBeGreaterThan(0);
  expect(seen.report.losses).toEqual({});
});

onLinux('a supervisor that is killed takes no program along: its output and its end are what they would have been', async () => {
  const program = 'for i in $(seq 30); do (sleep 0.05; :) & sleep 0.05; echo $i; done; wait; echo $? > end';
  // Killed when the program is at work, with forks in every state.
  const text = `"${process.execPath}" "${commandFile}" run --quiet -- bash -c '${program}' > out & supervisor=$!
    until [ "$(grep -c . out)" -gt 5 ]; do sleep 0.05; done; kill -9 $supervisor; until [ -s end ]; do sleep 0.1; done; cat out end`;
  const { stdout } = await runProgram({ preload: 'none', command: 'bash', args: ['-c', text] });
  expect(stdout).toBe(`${Array.from({ length: 30 }, (_, at) => `${at + 1}\n`).join('')}0\n`);
});
