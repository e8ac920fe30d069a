/** The name of an event of ours: this, and what happened. */
export const EVENT_PREFIX = 'swarmscope.';
