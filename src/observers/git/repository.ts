/** Facts about a repository that Trace2 does not carry, by bounded reads of small files under `.git`; anything odd is simply unknown. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';

export interface RepositoryFacts {
  /** Name of the folder of the main worktree, or of the bare repository without `.git`. */
  name: string;
  /** The current branch; undefined when detached. */
  branch: string | undefined;
}

export interface RepositoryReader {
  read(worktree: string): RepositoryFacts | undefined;
  /** Files in conflict that a command left between two times (epoch ms), by git's own note in MERGE_MSG. */
  conflictCount(worktree: string, startTime: number, endTime: number): number | undefined;
}

/** Folders change rarely, branches often: the first are remembered. */
const maxRemembered = 1_000;
const maxFileBytes = 65_536;

interface Folders {
  own: string;
  name: string;
}

export function createRepositoryReader(): RepositoryReader {
  const remembered = new Map<string, Folders>();
  function folders(worktree: string): Folders | undefined {
    const cached = remembered.get(worktree);
    if (cached !== undefined) return cached;
    const found = find(worktree);
    if (found !== undefined) {
      if (remembered.size >= maxRemembered) remembered.clear();
      remembered.set(worktree, found);
    }
    return found;
  }
  return {
    read(worktree) {
      const found = folders(worktree);
      return found === undefined ? undefined : { name: found.name, branch: branchOf(found.own) };
    },
    conflictCount(worktree, startTime, endTime) {
      const found = folders(worktree);
      const note = found === undefined ? undefined : readSmall(join(found.own, 'MERGE_MSG'));
      // File times may be coarser than git's clock by some milliseconds.
      if (note === undefined || note.modifiedMs < startTime - 20 || note.modifiedMs > endTime + 20) return undefined;
      return /^# Conflicts:\n((?:#\t.*\n?)+)/m.exec(note.text)?.[1]?.trimEnd().split('\n').length;
    },
  };
}

function find(worktree: string): Folders | undefined {
  const git = join(worktree, '.git');
  const own = isFolder(git) ? git : linked(worktree, readSmall(git)?.text);
  if (own === undefined) return isFolder(join(worktree, 'refs')) ? { own: worktree, name: bareName(worktree) } : undefined;
  const common = readSmall(join(own, 'commondir'))?.text.trim();
  const root = common === undefined ? own : isAbsolute(common) ? common : resolve(own, common);
  return { own, name: basename(root) === '.git' ? basename(dirname(root)) : bareName(root) };
}

function linked(worktree: string, text: string | undefined): string | undefined {
  const target = /^gitdir: (.+)$/m.exec(text ?? '')?.[1];
  return target === undefined ? undefined : resolve(worktree, target);
}

function bareName(folder: string): string {
  return basename(folder).replace(/\.git$/, '');
}

function branchOf(gitFolder: string): string | undefined {
  return /^ref: refs\/heads\/(.{1,250})$/m.exec(readSmall(join(gitFolder, 'HEAD'))?.text ?? '')?.[1];
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    // Not allowed to look.
    return false;
  }
}

function readSmall(path: string): { text: string; modifiedMs: number } | undefined {
  let file: number | undefined;
  try {
    // A FIFO in the place of a file must not hold the program.
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
    file = openSync(path, 'r');
    const buffer = Buffer.allocUnsafe(maxFileBytes);
    const text = buffer.toString('utf8', 0, readSync(file, buffer, 0, maxFileBytes, 0));
    return { text, modifiedMs: fstatSync(file).mtimeMs };
  } catch {
    // Gone or not readable: the fact stays unknown.
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
