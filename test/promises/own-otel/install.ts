// Installs the projects of this folder once per lock file, and makes programs that use one.
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from '../../harness/index.ts';
import { installProject } from '../../harness/install-project.ts';

/** One folder each below `projects/`: the API and SDK of one time. */
export type SdkProject = 'api-1.0' | 'sdk-1' | 'sdk-1-last' | 'sdk-2' | 'sdk-3';
/** Besides, libraries that tell of LLM calls. */
export type Project = SdkProject | 'libraries' | 'one-call';

/** The project's `node_modules`. Throws with npm's words when it can neither be found nor installed. */
export function installed(project: Project): string {
  const source = join(import.meta.dirname, 'projects', project);
  return join(installProject({ project: source, into: `own-otel/${project}-`, name: source }), 'node_modules');
}

/** A fresh folder with these files and the project's packages; returns it. */
export function programFolder(project: Project, files: Readonly<Record<string, string>>): string {
  const folder = freshFolder('program');
  symlinkSync(installed(project), join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
