/**
 * Content masking of what other programs send: of whole requests that are passed on, and of attributes that were read.
 */
export { KEEP_CONTENT, withoutContent, type Reading } from './content.ts';
export { maskRequest } from './request.ts';
