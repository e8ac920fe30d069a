/** Starts the gauges of this process on its meter. */
import type { Settings } from '../config/settings.ts';
import type { RecorderState } from '../recording/index.ts';
import type { ProcessAssembly } from './assembly.ts';

export interface GaugesOptions {
  readonly assembly: ProcessAssembly;
  readonly options: { readonly settings: Settings; readonly state: RecorderState; unobserved<T>(fn: () => T): T };
  readonly isRoot: boolean;
}

export function startGauges(_options: GaugesOptions): () => void {
  return () => undefined;
}
