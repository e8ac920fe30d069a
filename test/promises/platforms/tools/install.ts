/**
 * Installs the runners, bundlers, package managers, test frameworks and runtimes of this project, once per lock file
 * and platform.
 */
import { join } from 'node:path';
import { installProject } from '../../../harness/install-project.ts';

/** Path of its `node_modules`. Some 400 MB the first time. Throws with npm's words when they cannot be had. */
export function installTools(): string {
  const folder = installProject({
    project: import.meta.dirname,
    into: 'platform-tools/',
    name: 'the platform tools',
    // Not `npm ci`: it refuses a lock file whose optional binaries of other platforms are not in the registry that it
    // was made with.
    npm: ['install', '--ignore-scripts'],
    isNative: true,
  });
  return join(folder, 'node_modules');
}
