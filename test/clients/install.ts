/** Installs the HTTP clients of this project once per lock file. */
import { join } from 'node:path';
import { installProject } from '../harness/install-project.ts';

/** Path of its `node_modules`. Some 80 MB the first time. Throws with npm's words when they cannot be had. */
export function installClients(): string {
  return join(installProject({ project: import.meta.dirname, into: 'http-clients/', name: 'the HTTP clients' }), 'node_modules');
}
