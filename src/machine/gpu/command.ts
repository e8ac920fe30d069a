/** Runs a program that prints and ends, with a deadline: for tools that cannot go on printing. */
import type { Socket } from 'node:net';
import { cancel, later } from '../../config/originals.ts';
import type { Spawn } from './reading.ts';

/** Protects from output without an end. */
const MAX_CHARACTERS = 4_194_304;

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly spawn: Spawn;
  readonly deadlineMs: number;
  /** Default: the environment of this process. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** What it printed; undefined where it cannot be started, fails, prints without an end, or takes longer than the deadline. */
export function runCommand({ command, args, spawn, deadlineMs, env }: Command): Promise<string | undefined> {
  return new Promise((resolve) => {
    try {
      const child = spawn(command, args, {
        // A relative folder in PATH must not lead into the working folder, where agents write.
        cwd: '/',
        stdio: ['ignore', 'pipe', 'ignore'],
        windowsHide: true,
        ...(env === undefined ? {} : { env }),
      });
      let text = '';
      const timer = later(deadlineMs, () => end(undefined));
      const end = (answer: string | undefined): void => {
        cancel(timer);
        // It may hang in the driver.
        if (answer === undefined) child.kill('SIGKILL');
        resolve(answer);
      };
      child.unref();
      child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_CHARACTERS) end(undefined);
      });
      (child.stdout as Socket | null)?.unref?.();
      child.stdout?.on('error', () => end(undefined));
      child.on('error', () => end(undefined));
      child.on('close', (code) => end(code === 0 ? text : undefined));
    } catch {
      // No process can be started any more.
      resolve(undefined);
    }
  });
}
