/** What the web server and the thread that reads runs tell each other. */

export type What = 'snapshot' | 'summary' | 'pulse' | 'frames' | 'report' | 'tasks' | 'tiles' | 'spans' | 'span';

export interface Asking {
  readonly what: What;
  /** Of the run's file. */
  readonly path: string;
  readonly id: string;
  /** As in a URL. */
  readonly query: string;
}

export interface Question extends Asking {
  readonly number: number;
}

/** JSON with the status of HTTP for it. */
export interface ThreadAnswer {
  readonly status: number;
  readonly body: string;
}

export interface Reply {
  readonly number: number;
  readonly status: number;
  readonly body: Uint8Array;
}
