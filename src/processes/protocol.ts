/** What the thread that scans and the thread that records say to each other. */
import type { ProcessChange } from './changes.ts';

export interface ScanData {
  readonly runId: string;
  /** Time between two scans while they are cheap. */
  readonly intervalMs: number;
  /** See `ScannerOptions`. */
  readonly silentAfterMs: number;
}

/** To the scanning thread. `look`: scan now, and answer under that number. */
export type Order = { readonly begin: number } | { readonly look: number } | { readonly stop: true };

export interface ScanReport {
  readonly changes: readonly ProcessChange[];
  /** Numbers of the looks that are answered by this. */
  readonly looks: readonly number[];
  /** Time between scans, where they cost too much for the usual one. */
  readonly thinnedMs: number | undefined;
  /** Processes that were too many to follow. */
  readonly beyond: number;
  readonly isLast: boolean;
}
