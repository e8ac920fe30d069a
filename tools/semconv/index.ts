/** From the registry and the dialects to what is generated: read, check, write constants, dialect rules and reference pages. */
export { readRegistry } from './registry.ts';
export { dialectText, DIALECTS_FOLDER } from './dialect-files.ts';
export { readDialects } from './read-dialects.ts';
export { lint, lintDialects } from './lint.ts';
export { renderConstants } from './constants.ts';
export { renderDialects } from './dialects.ts';
export { renderDocs } from './docs.ts';
