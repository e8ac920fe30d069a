/** git, as a program calls it: one function that runs a command in a folder. */
import { execFile } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { watched } from './children.mjs';
import { note, now } from './log.mjs';

/**
 * Runs git in `folder`; rejects when it fails. `who` is the worker and task it is done for. Its time is that of the
 * process, from its start to its exit.
 */
export async function git(folder, args, who = {}) {
  const child = watched(execFile('git', args, { cwd: folder }));
  const start = now();
  const exited = new Promise((resolve) => child.once('exit', (code) => resolve({ code, end: now() })));
  let output = '';
  let problem = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (problem += text));
  await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  const { code, end } = await exited;
  note({ kind: 'git', name: args[0], ...who, start, end, ...(code === 0 ? {} : { error: String(code) }) });
  if (code !== 0) throw new Error(`git ${args[0]} ended with ${code}: ${problem.trim()}`);
  return output.trim();
}

let last = Promise.resolve();

/**
 * One after the other: `git worktree add` beside another one in the same repository may fail ("failed to read
 * .git/worktrees/x/commondir").
 */
export function alone(work) {
  const result = last.then(work);
  last = result.catch(() => {});
  return result;
}

/** A fresh repository that takes nothing from the user's own settings. */
export async function createRepository(folder) {
  await git(folder, ['init', '--quiet', '--initial-branch=main', '--template=', '.']);
  appendFileSync(
    join(folder, '.git', 'config'),
    '[user]\n\tname = Swarm\n\temail = swarm@example.invalid\n[commit]\n\tgpgsign = false\n[gc]\n\tauto = 0\n[core]\n\thooksPath = no-hooks\n',
  );
}

export async function commitAll(folder, message, who) {
  await git(folder, ['add', '--all'], who);
  await git(folder, ['commit', '--quiet', `--message=${message}`], who);
}
