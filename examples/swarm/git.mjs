/** git, as a program calls it: one function that runs a command in a folder. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { timed } from './log.mjs';

const run = promisify(execFile);

/** Runs git in `folder`; rejects when it fails. `who` is the worker and task it is done for. */
export async function git(folder, args, who = {}) {
  const { stdout } = await timed({ kind: 'git', name: args[0], ...who }, () => run('git', args, { cwd: folder }));
  return stdout.trim();
}

/** A fresh repository that takes nothing from the user's own settings. */
export async function createRepository(folder) {
  await git(folder, ['init', '--quiet', '--initial-branch=main', '--template=', '.']);
  for (const [name, value] of [['user.name', 'Swarm'], ['user.email', 'swarm@example.invalid'], ['commit.gpgsign', 'false'], ['gc.auto', '0'], ['core.hooksPath', '.git/no-hooks']]) {
    await git(folder, ['config', name, value]);
  }
}

export async function commitAll(folder, message, who) {
  await git(folder, ['add', '--all'], who);
  await git(folder, ['commit', '--quiet', `--message=${message}`], who);
}
