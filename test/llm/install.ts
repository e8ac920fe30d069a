/** Installs the LLM SDKs of this project, several majors of each, once per lock file. */
import { join } from 'node:path';
import { installProject } from '../harness/install-project.ts';

/** Path of its `node_modules`. Throws with npm's words when they cannot be had. */
export function installLlmSdks(): string {
  return join(installProject({ project: import.meta.dirname, into: 'llm-sdks/', name: 'the LLM SDKs' }), 'node_modules');
}
