/** Asks a program for its version, unseen by us: once for each program that this process starts. */
import type { ChildLaunch } from '../../hooks/child-process/index.ts';
import { QUIET_GIT } from '../../config/git/user-trace2.ts';

const MAX_WAIT_MS = 1_000;

/** What it prints; empty or null where it does not answer. */
export function askVersion(file: string, word: string, { environment, cwd }: Pick<ChildLaunch, 'environment' | 'cwd'>): string | null {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { stdout } = spawnSync(file, [word], {
    cwd,
    // With SWARMSCOPE_DISABLED in it, our own hooks ignore this child.
    env: { ...environment, ...QUIET_GIT },
    encoding: 'utf8',
    timeout: MAX_WAIT_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return stdout;
}
