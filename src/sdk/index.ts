/** The assembly bundle: what the preload loads at the first span. */
export { createProcess, type ProcessOptions } from './process.ts';
