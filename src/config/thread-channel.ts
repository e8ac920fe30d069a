/** What joins the threads of one process, so that they find their run; not processes. */

/** Name of a BroadcastChannel that only a process with threads opens. */
export const THREAD_CHANNEL = 'swarmscope.run.1';
