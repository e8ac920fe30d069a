/** Opens the local view in the user's browser. The token must not be in a command line, which every user of the machine can read. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../config/folders.ts';
import { startedWith } from '../../config/started-with.ts';
import { writeWhole } from '../../config/write-whole.ts';
import { warn } from '../streams.ts';

/** Returns what removes the file that leads to the address. Never throws. */
export function openBrowser(address: string): () => void {
  try {
    const folder = mkdtempSync(join(temporaryFolder(), 'swarmscope-view-'));
    const file = join(folder, 'open.html');
    const target = JSON.stringify(address).replaceAll('<', '\\u003c');
    writeWhole(file, `<!doctype html><meta charset="utf-8"><title>swarmscope</title><script>location.replace(${target})</script>\n`);
    const [program = '', ...before] = opener();
    const child = spawn(program, [...before, file], { stdio: 'ignore', detached: true, env: startedWith });
    child.once('error', () => warn(`No browser could be started (${program}); open the address above.`));
    child.unref();
    return () => rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    warn(`No browser could be started (${error instanceof Error ? error.message : String(error)}); open the address above.`);
    return () => undefined;
  }
}

function opener(): string[] {
  if (process.platform === 'darwin') return ['open'];
  return process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
}
