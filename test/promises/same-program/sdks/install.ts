/** Installs the SDKs and HTTP clients of this project, several majors of each, once per lock file. */
import { join } from 'node:path';
import { installProject } from '../../../harness/install-project.ts';

/** Path of its `node_modules`. Some 200 MB the first time. Throws with npm's words when they cannot be had. */
export function installSdks(): string {
  return join(installProject({ project: import.meta.dirname, into: 'sdks/', name: 'the SDKs' }), 'node_modules');
}
