// Installs the projects of this folder once per lock file, and makes programs that use one.
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** Packages that take the place of others, by the names under which the project installs them: `{ openai: 'openai-4' }`. */
export type Replaced = Readonly<Record<string, string>>;

/** A fresh folder with these files and the project's packages; returns it. */
export function programFolder(project: Project, files: Readonly<Record<string, string>>, replaced: Replaced = {}): string {
  const folder = freshFolder('program');
  const packages = installed(project);
  symlinkSync(Object.keys(replaced).length === 0 ? packages : withReplaced(packages, replaced), join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const madeByKey = new Map<string, string>();

/** Instrumentations know a package by the folder that it lies in, so what takes another's place is a copy under its name. */
function withReplaced(packages: string, replaced: Replaced): string {
  const key = JSON.stringify([packages, replaced]);
  const known = madeByKey.get(key);
  if (known !== undefined) return known;
  const folder = join(freshFolder('packages'), 'node_modules');
  for (const name of packagesIn(packages)) {
    const to = join(folder, name);
    mkdirSync(dirname(to), { recursive: true });
    const other = replaced[name];
    if (other === undefined) symlinkSync(join(packages, name), to);
    else cpSync(join(packages, other), to, { recursive: true });
  }
  madeByKey.set(key, folder);
  return folder;
}

function packagesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(folder, name)).map((each) => `${name}/${each}`) : [name],
  );
}
