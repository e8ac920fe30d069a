// What the cases share: this Node, the programs beside them, and fresh repositories below the working folder.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

export const node = process.execPath;

/** An empty folder. */
export function folder(name) {
  mkdirSync(name);
  return `${process.cwd()}/${name}`;
}

let made = 0;

/** A repository without commits, made by git itself. */
export function repository() {
  made += 1;
  const path = folder(`repository-${made}`);
  execFileSync('git', ['init', '-q', path]);
  return path;
}

/** Path of a program of this folder. */
export const program = (name) => `${import.meta.dirname}/${name}`;
