/** Installs the libraries of this project once per lock file. */
import { join } from 'node:path';
import { installProject } from '../../../harness/install-project.ts';

/** Path of its `node_modules`, some 7 MB. Throws with npm's words when they cannot be had. */
export function installLibraries(): string {
  return join(installProject({ project: import.meta.dirname, into: 'child-libraries/', name: 'the libraries' }), 'node_modules');
}
