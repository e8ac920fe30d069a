/** What joins the threads of one process, so that they find their run and leave to it what they recorded. */

/** Name of a BroadcastChannel that only a process with threads opens. */
export const THREAD_CHANNEL = 'swarmscope.run.1';

/** Under this key threads started later find the folder of their run. */
export const RUN_KEY = 'swarmscope.run.1';

/** What goes over it. A thread asks where its run is, and is told; the rest is for the main thread. */
export type ThreadMessage =
  | 'ask'
  | { readonly folder: string }
  /** Memory in which this thread keeps what it has recorded and not sent: see `sdk/journal`. */
  | { readonly thread: number; readonly memory: SharedArrayBuffer }
  /** A thread has started another one, or heard of its end. */
  | { readonly thread: number; readonly startedBy: number }
  | { readonly ended: number };
