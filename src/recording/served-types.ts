/** What an observer tells of a request that a server of the program takes. */
import type { Frame } from './activity-types.ts';

export interface ServedStart {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Without the query. */
  readonly path: string;
  readonly protocolVersion: string;
  /** As the client wrote it, with its port. */
  readonly host: string | undefined;
  /** Of who asked; default: the current frame. */
  readonly frame?: Frame | undefined;
}

export interface ServedEnd {
  readonly status: number | undefined;
  readonly route: string | undefined;
  /** The answer was handed over to its end. */
  readonly isWhole: boolean;
}

export interface ServedSpan {
  readonly frame: Frame;
  /** The first call counts. It must not throw. */
  end(end: ServedEnd): void;
}
