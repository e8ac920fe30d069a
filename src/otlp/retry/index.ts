/** Requests sent one at a time, and again where a receiver refuses them for now. */
export { RetryLoop, type Timers } from './loop.ts';
export { EXPORT_RETRIES, FORWARD_RETRIES } from './policy.ts';
