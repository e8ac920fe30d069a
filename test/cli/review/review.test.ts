/** `swarmscope review`: the real command on stored runs and a real repository. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { dist, ensureBuilt, freshFolder, type ProgramResult } from '../../harness/index.ts';
import { command } from '../import/records.ts';

beforeAll(() => ensureBuilt());

/** Tasks in two phases, the second of which is as slow as it is told. */
const swarm = `const { withTask, withPhase } = require(${JSON.stringify(join(dist, 'index.cjs'))});
const { execFileSync } = require('node:child_process');
const { writeFileSync } = require('node:fs');
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
(async () => {
  await withPhase('plan', () => withTask({ type: 'plan', id: 'plan' }, () => sleep(20)));
  await withPhase('build', async () => {
    for (let at = 0; at < 6; at++) await withTask({ type: 'build', id: 'part-' + at }, () => sleep(Number(process.env.SLOW ?? 10)));
    await withTask({ type: 'commit', id: 'commit' }, () => {
      writeFileSync('work.txt', String(process.hrtime.bigint()) + '\\nsecond\\n');
      execFileSync('git', ['add', '.']);
      execFileSync('git', ['commit', '-qm', 'work']);
    });
  });
})();`;

interface Place {
  readonly folder: string;
  readonly git: (...args: readonly string[]) => string;
  readonly run: (slowMs?: number) => Promise<void>;
  readonly review: (...args: readonly string[]) => Promise<ProgramResult>;
}

function place(): Place {
  const [folder, data] = [freshFolder('repository'), freshFolder('data')];
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
  const git = (...args: readonly string[]): string => execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' });
  git('init', '-q');
  writeFileSync(join(folder, 'swarm.cjs'), swarm);
  git('add', '.');
  git('commit', '-qm', 'begin');
  const options = (env: Record<string, string> = {}) => ({ cwd: folder, env: { XDG_DATA_HOME: data, ...env } });
  return {
    folder,
    git,
    async run(slowMs = 10) {
      const ended = await command(
        ['run', '--quiet', '--name', 'demo', '--', process.execPath, 'swarm.cjs'],
        options({ SLOW: String(slowMs) }),
      );
      if (ended.code !== 0) throw new Error(ended.stderr);
    },
    review: (...args) => command(['review', ...args], options()),
  };
}

/** A tag is as old as its commit, to a second: what comes then is begun in a later one. */
async function nextSecond(): Promise<void> {
  const second = Math.floor(Date.now() / 1_000);
  while (Math.floor(Date.now() / 1_000) === second) await new Promise((done) => setTimeout(done, 20));
}

test('runs since a tag are told beside those before it: tasks, commits, lines, what got slower', async () => {
  const { git, run, review } = place();
  git('tag', 'v1');
  await nextSecond();
  await run();
  await nextSecond();
  git('commit', '-q', '--allow-empty', '-m', 'release');
  git('tag', 'v2');
  await nextSecond();
  await run(600);
  const { stdout, code, stderr } = await review('--json', '-');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    phase: { name: 'since v2', runs: 1, runNames: ['demo'] },
    before: { name: 'v1 to v2', runs: 1 },
    done: {
      tasks: 8,
      failedTasks: 0,
      commits: 1,
      conflicts: 0,
      repository: { commits: 1, filesChanged: 1, linesAdded: 1, linesRemoved: 1 },
    },
  });
  const { slower } = JSON.parse(stdout) as { slower: { what: string; name: string }[] };
  // Of the one task that commits nobody can tell what is chance.
  expect(slower.filter(({ what }) => what === 'task type').map(({ name }) => name)).toEqual(['build']);
  const { stdout: page } = await review('--since', 'v2');
  expect(page).toMatch(/^# Review: since v2\n/);
  expect(page).toMatch(
    /- 8 tasks: build 6, commit 1, plan 1\n- seen in the runs: 1 commit, 0 merges, 0 conflicts\n- in the history of the repository: 1 commit/,
  );
  expect(page).toMatch(/## What got slower\n\n- a task of type build: /);
  const { changes } = JSON.parse(stdout) as { changes: unknown[] };
  expect(changes.length).toBeLessThanOrEqual(5);
});

describe('phases, runs and words', () => {
  let at: Place;
  beforeAll(async () => {
    at = place();
    await at.run();
    await at.run();
  });

  test('a phase of the program is told beside the phase before it', async () => {
    const { stdout, code } = await at.review('--phase', 'build', '--json', '-');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      phase: { name: 'build', runs: 2 },
      before: { name: 'plan', runs: 2 },
      done: { tasks: 14, commits: 2 },
    });
    const first = await at.review('--phase', 'plan', '--json', '-');
    expect(JSON.parse(first.stdout)).toMatchObject({ done: { tasks: 2 }, notes: [expect.stringMatching(/Nothing came before/)] });
    const none = await at.review('--phase', 'nope');
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toMatch(/No run has a phase "nope"\. They tell of "plan", "build"\./);
  });

  test('since a run means the runs after it', async () => {
    const runs = JSON.parse((await at.review('--json', '-')).stdout) as { phase: { runs: number }; before?: unknown };
    expect(runs).toMatchObject({ phase: { runs: 2 } });
    expect(runs.before).toBeUndefined();
  });

  test('a command gets the JSON and its words end the page; one that fails ends with 1', async () => {
    const { stdout, code } = await at.review(
      '--narrate',
      `node -e "let s='';process.stdin.on('data',d=>s+=d).on('end',()=>console.log('Tasks: '+JSON.parse(s).done.tasks))"`,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/## In words\n\nTasks: 16\n$/);
    const failed = await at.review('--narrate', 'exit 4');
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr).toMatch(/The command of --narrate ended with exit code 4/);
    expect((await at.review('--narrate', 'true')).code).toBe(0);
  });
});

test('without runs, and since something that is not there, it ends with 1 and says why', async () => {
  const { review, run } = place();
  expect((await review()).stderr).toMatch(/No run is stored yet/);
  await run();
  const unknown = await review('--since', 'nope');
  expect(unknown).toMatchObject({ code: 1, stdout: '' });
  expect(unknown.stderr).toMatch(/no stored run and, in this folder's repository, no tag "nope"/);
});
