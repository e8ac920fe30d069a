// A program and its child, which hands its whole environment on to simple-git 4. `node whole-environment.mjs`
import { execFileSync, fork } from 'node:child_process';
import { simpleGit } from 'simple-git4';

if (process.argv[2] === 'child') {
  const { withTask } = await import(process.env.API);
  const git = simpleGit('repository').env({ ...process.env, OWN: '1' });
  const value = await withTask('in the child', () => git.revparse(['--git-dir'])).catch((error) => String(error));
  console.log(
    value,
    Object.keys(process.env).filter((name) => name.startsWith('GIT_')),
    process.env.GIT_TRACE2_ENV_VARS,
  );
} else {
  execFileSync('git', ['init', '-q', 'repository']);
  fork(import.meta.filename, ['child'], { env: { ...process.env, ...JSON.parse(process.argv[2] ?? '{}') } });
}
