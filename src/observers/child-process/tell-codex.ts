/** npm's launcher of codex is a Node program that becomes the real one and hands on the arguments that it finds. */
import { realpathSync } from 'node:fs';
import { codexArguments, isCodexSetUp } from '../../config/run-environment/codex.ts';
import type { Settings } from '../../config/settings/index.ts';
import { startedWith } from '../../config/started-with.ts';

const LAUNCHER = /[\\/]@openai[\\/]codex[\\/]bin[\\/]codex\.js$/;

/**
 * Under a run the launcher finds where to send among its arguments, however it was started: by its path, by npx, by a link.
 * `settings` are asked for in the launcher alone: with them comes a bundle, which costs every other process 20 ms at its start.
 */
export function tellCodex(settings: () => Settings, argv: string[] = process.argv): void {
  const script = argv[1] ?? '';
  // The name first: no other program pays for the look at the file.
  if (!/[\\/]codex(?:\.js)?$/.test(script)) return;
  const { agents, ownEndpoint, childEnvironmentOff } = settings();
  if (!agents || ownEndpoint === '' || childEnvironmentOff.includes('codex')) return;
  if (!LAUNCHER.test(resolved(script)) || isCodexSetUp(startedWith, argv)) return;
  argv.splice(2, 0, ...codexArguments(ownEndpoint));
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Node finds it in ways of its own, or not at all.
    return path;
  }
}
