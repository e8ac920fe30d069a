/**
 * What one refresh of `swarmscope top` costs with fifty agents and a gigabyte of session files: `node bench/top.ts [MB]`.
 * Real processes with an agent's name that only sleep, each with a folder and a session of its own.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linuxProcesses } from '../src/machine/process-table.ts';
import { openLibrary } from '../src/sessions/index.ts';

const AGENTS = 50;
const megabytes = Number(process.argv[2] ?? 1_000);
const ROUNDS = 20;

const folder = mkdtempSync(join(tmpdir(), 'swarmscope-bench-'));
const home = join(folder, 'home');
const children: ChildProcess[] = [];
/** An answer as Claude Code writes it, with 4 KB of text. */
const row = (session: string, at: number): string =>
  `${JSON.stringify({
    ...{ type: 'assistant', sessionId: session, uuid: `${session}-${at}`, cwd: join(folder, session), timestamp: new Date().toISOString() },
    message: {
      ...{ id: `msg_${session}_${at}`, model: 'claude-sonnet-4-20250514', content: [{ type: 'text', text: 'x'.repeat(4_096) }] },
      usage: { input_tokens: 10, cache_read_input_tokens: 50_000, cache_creation_input_tokens: 500, output_tokens: 300 },
    },
  })}\n`;
const fileOf = (session: string): string => join(home, '.claude/projects/p', `${session}.jsonl`);

try {
  mkdirSync(join(home, '.claude/projects/p'), { recursive: true });
  copyFileSync('/bin/sleep', join(folder, 'claude'));
  const sessions = Array.from({ length: AGENTS }, (_, at) => `session-${at}`);
  for (const session of sessions) {
    mkdirSync(join(folder, session));
    const environment = { PATH: process.env['PATH'], HOME: home };
    children.push(spawn(join(folder, 'claude'), ['3600'], { cwd: join(folder, session), env: environment, stdio: 'ignore' }));
  }
  // A session that a process wrote began after it.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const rows = Math.max(1, Math.round((megabytes * 1_048_576) / AGENTS / row('session-10', 1_000).length));
  for (const session of sessions) {
    writeFileSync(fileOf(session), '');
    for (let at = 0; at < rows; at += 500)
      appendFileSync(fileOf(session), Array.from({ length: Math.min(500, rows - at) }, (_, more) => row(session, at + more)).join(''));
  }
  const [{ openMachine }, { createProcessReader }, { runningOf }] = await Promise.all([
    import('../src/cli/top/machine.ts'),
    import('../src/cli/top/processes.ts'),
    import('../src/cli/top/running.ts'),
  ]);
  const machine = openMachine({ home });
  const cost = <Result>(work: () => Result): { result: Result; wallMs: number; cpuMs: number } => {
    const [before, startMs] = [process.cpuUsage(), performance.now()];
    const result = work();
    const { user, system } = process.cpuUsage(before);
    return { result, wallMs: performance.now() - startMs, cpuMs: (user + system) / 1_000 };
  };
  const look = (maxBytes: number): ReturnType<typeof machine.look> => machine.look(Date.now(), maxBytes);
  const first = cost(() => look(16 * 1_048_576));
  // Other agents of the machine have rows as well.
  const own = (look: typeof first.result): typeof first.result.rows =>
    look.rows.filter(({ place }) => place?.worktree.startsWith('session-') === true);
  const known = own(first.result).filter(({ match }) => match.state === 'known').length;
  const all = cost(() => {
    let last = first.result;
    while (!last.isComplete) last = look(64 * 1_048_576);
    return last;
  });
  const still = Array.from({ length: ROUNDS }, () => cost(() => look(16 * 1_048_576)));
  const growing = Array.from({ length: ROUNDS }, (_, round) => {
    for (const session of sessions) appendFileSync(fileOf(session), row(session, 1_000_000 + round));
    return cost(() => look(16 * 1_048_576));
  });
  // What a run looks at while its agents live, to know their sessions at its end.
  const table = linuxProcesses();
  if (table === undefined) throw new Error('there is no /proc here');
  const pids = children.flatMap(({ pid }) => pid ?? []);
  const read = createProcessReader({ ...table, list: () => pids }, { isForSessions: true });
  const library = openLibrary();
  const ofRun = Array.from({ length: ROUNDS }, () =>
    cost(() => read(Date.now()).agents.map((seen) => runningOf(seen, { home, root: undefined, library }))),
  );
  const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
  const shown = (rounds: readonly { cpuMs: number; wallMs: number }[]): string =>
    `${median(rounds.map(({ cpuMs }) => cpuMs)).toFixed(1)} ms CPU, ${median(rounds.map(({ wallMs }) => wallMs)).toFixed(1)} ms`;
  const calls = own(all.result).reduce((sum, { calls: told }) => sum + (told ?? 0), 0);
  const right = calls === rows * AGENTS ? 'all of them' : `WRONG, ${rows * AGENTS} were written`;
  console.log(
    `${AGENTS} agents, ${megabytes} MB in ${AGENTS} files, ${rows * AGENTS} calls; memory ${(process.memoryUsage().rss / 1_048_576).toFixed(0)} MB`,
  );
  console.log(`first screen             ${shown([first])}; ${known} of ${AGENTS} sessions known`);
  console.log(`everything read once     ${shown([all])}; ${calls} calls, ${right}`);
  console.log(`refresh, nothing new     ${shown(still)}`);
  console.log(`refresh, each wrote one  ${shown(growing)}`);
  console.log(`a look of a run at them  ${shown(ofRun)}`);
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
