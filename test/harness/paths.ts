// Where things are in this repository.
import { join } from 'node:path';

export const repository = join(import.meta.dirname, '..', '..');
export const dist = join(repository, 'dist');
export const preloadFile = join(dist, 'register.cjs');
export const commandFile = join(dist, 'cli.mjs');
