/** Hands a review to a command of the user's, which tells it in words. */
import { spawn } from 'node:child_process';
import { liveEnvironment } from '../../config/started-with.ts';
import { SwarmscopeError } from '../errors.ts';

/** A page is a few thousand words. */
const MAX_CHARACTERS = 1_000_000;

/** Its JSON on standard input; resolves with what it prints. @throws SwarmscopeError `NARRATE` */
export function narrate(command: string, json: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown): void =>
      reject(
        new SwarmscopeError(
          'NARRATE',
          `The command of --narrate ${why}. It gets the review as JSON on its standard input and prints text.`,
          { cause },
        ),
      );
    const child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'], env: liveEnvironment() });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      if (text.length < MAX_CHARACTERS) text += more;
    });
    child.stdin.on('error', () => {
      // EPIPE: it has read enough.
    });
    child.stdin.end(json);
    child.once('error', (cause) => fail('could not be started', cause));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(text.slice(0, MAX_CHARACTERS));
      else fail(`ended with ${signal ?? `exit code ${String(code)}`}`);
    });
  });
}
