/** Which processes of a run could not load the preload: a line each in a file of the run's folder. */
import { UNSEEN_FILE } from './inherited.ts';
import { appendLine } from './write-whole.ts';

/** Notes a process that was started with a Node that is too old; `isNode`: it is one, and does not only find one. */
export function noteOldNode(runFolder: string, version: string, isNode: boolean): void {
  note(runFolder, `${isNode ? 'node' : 'path'} ${version}`);
}

/** Notes a thread for which there is no preload any more. */
export function noteHidden(runFolder: string): void {
  note(runFolder, 'copy');
}

function note(runFolder: string, line: string): void {
  if (runFolder === '') return;
  try {
    appendLine(`${runFolder}/${UNSEEN_FILE}`, line);
  } catch {
    // The folder was emptied, something else has that name, or the disk is full: what is not known is not said.
  }
}

/** How many processes of each kind; 0 where only the kind is known. */
export function countUnseen(text: string): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [kind, version = ''] = line.split(' ');
    if (kind === 'copy') add(counts, 'node (preload hidden or removed)', 1);
    // The file may be anybody's below the run: only what looks like ours is shown.
    else if ((kind === 'node' || kind === 'path') && /^\d+(?:\.\d+){0,2}$/.test(version))
      add(counts, `node ${version}`, kind === 'node' ? 1 : 0);
  }
  return [...counts].map(([name, count]) => ({ name, count }));
}

function add(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}
