/** Credentials: what they are called and look like, and texts and argument lists without them. */
export { scrubArgumentList } from './arguments.ts';
export { scrubStart, scrubText } from './text.ts';
export { scrubValue, type TextMap } from './value.ts';
