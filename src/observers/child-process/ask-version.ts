/** Asks a program for its version, unseen by us: once for each program that this process starts. */
import { cancel, later } from '../../config/originals.ts';
import type { ChildLaunch } from '../../hooks/child-process/index.ts';
import { QUIET_GIT } from '../../config/git/user-trace2.ts';
import { listenQuietly } from '../../hooks/process/quiet-listener.ts';

type Asked = Pick<ChildLaunch, 'environment' | 'cwd'>;

const MAX_WAIT_MS = 1_000;
const MAX_TEXT = 4_096;

/** What it prints; empty or null where it does not answer. */
export function askVersion(file: string, word: string, { environment, cwd }: Asked): string | null {
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

/**
 * The same without waiting: `answered` gets what it prints, once it has ended. It holds nothing alive, and a program that
 * does not answer is ended after a second, or with this process.
 */
export function askLater(file: string, word: string, { environment, cwd }: Asked, answered: (text: string) => void): void {
  try {
    const { spawn } = process.getBuiltinModule('node:child_process');
    const child = spawn(file, [word], { cwd, env: { ...environment, ...QUIET_GIT }, stdio: ['ignore', 'pipe', 'ignore'] });
    const end = (): void => void child.kill('SIGKILL');
    const timer = later(MAX_WAIT_MS, end);
    const forget = listenQuietly('exit', end);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (text = (text + piece).slice(0, MAX_TEXT)));
    (child.stdout as unknown as { unref?: () => void }).unref?.();
    child.unref();
    child.on('error', forget);
    child.on('close', () => {
      cancel(timer);
      forget();
      if (text !== '') answered(text);
    });
  } catch {
    // No more processes, no such file: it stays unknown.
  }
}
