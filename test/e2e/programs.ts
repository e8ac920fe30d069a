/** Pieces that the programs under test share: text that goes into their source, and the environment that points them at a sink. */
import { join } from 'node:path';
import { dist, type Sink } from '../harness/index.ts';

/** The built API door, as a string literal for `require` in a program. */
export const api = JSON.stringify(join(dist, 'index.cjs'));
/** The same for `import`. */
export const apiModule = JSON.stringify(join(dist, 'index.mjs'));

export function endpointOf(sink: Pick<Sink, 'url'>): Record<string, string> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
}

/** A loaded test machine may need more than the default second to send what is left. */
export const patient = { SWARMSCOPE_EXIT_TIMEOUT: '10000' };
