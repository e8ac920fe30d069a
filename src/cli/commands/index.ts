/**
 * The catalogue of commands, in the order of the help: the parser, the help and the check of the docs read it. A command
 * is loaded when it is named: that of the others, with all they need, is most of what would be loaded.
 */
import type { Command, Commands } from '../command.ts';
import { help } from './help.ts';
import { version } from './version.ts';

const LOADERS = {
  run: async () => (await import('./run.ts')).run,
  top: async () => (await import('./top.ts')).top,
  ui: async () => (await import('./ui.ts')).ui,
  report: async () => (await import('./report.ts')).report,
  diff: async () => (await import('./diff.ts')).diff,
  review: async () => (await import('./review.ts')).review,
  runs: async () => (await import('./runs.ts')).runs,
  events: async () => (await import('./events.ts')).events,
  snapshot: async () => (await import('./snapshot.ts')).snapshot,
  gateway: async () => (await import('./gateway.ts')).gateway,
  prices: async () => (await import('./prices.ts')).prices,
  doctor: async () => (await import('./doctor.ts')).doctor,
} satisfies Readonly<Record<string, () => Promise<Command>>>;

const HERE = { help, version } satisfies Commands;

/** All of them. */
export async function allCommands(): Promise<Commands> {
  const loaded = await Promise.all(Object.entries(LOADERS).map(async ([name, load]) => [name, await load()] as const));
  return { ...Object.fromEntries(loaded), ...HERE };
}

/** What a command line that begins with this word needs: the command of that name with its help, or all of them. */
export async function commandsFor(word: string | undefined): Promise<Commands> {
  if (word === '--version' || word === '-v' || word === 'version') return HERE;
  if (word === undefined || !Object.hasOwn(LOADERS, word)) return allCommands();
  return { [word]: await LOADERS[word as keyof typeof LOADERS](), ...HERE };
}
