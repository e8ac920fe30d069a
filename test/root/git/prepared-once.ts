/** Prepares a repository with git once, and from then on by a copy of what came of it, which costs a tenth. */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { Fixture } from './repository-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'swarmscope-git-kept-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export function preparedOnce(name: string, prepare: () => void, fixture: () => Fixture): () => void {
  const kept = join(folder, name);
  // Not the events of git.
  const copy = (from: string, to: string): void =>
    cpSync(from, to, { recursive: true, preserveTimestamps: true, filter: (path) => path !== join(from, 'git') });
  return () => {
    const { base, repo, quietly } = fixture();
    if (existsSync(kept)) {
      rmSync(repo, { recursive: true });
      copy(kept, base);
      // The files have other inodes now: git would take them for changed until it has looked at them.
      quietly('update-index', '-q', '--refresh');
    } else {
      prepare();
      copy(base, kept);
    }
  };
}
