/** Content masking of what other programs send: requests that are passed on, and attributes that were read. */
export { KEEP_CONTENT, withoutContent, type Reading } from './content.ts';
export { maskRequest } from './request.ts';
