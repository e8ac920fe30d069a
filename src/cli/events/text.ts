/** One event, as a line for people and as data for programs. */
import type { EventRow } from '../../viewer/index.ts';
import { clean } from '../printable.ts';

const KIND_WIDTH = 26;
const MAX_WORDS = 1_000;
/** A snapshot lists all that runs: `swarmscope snapshot show` has it. */
const MAX_VALUE = 120;

export function eventLine({ timeMs, kind, agent, task, attributes }: EventRow): string {
  const more = Object.entries(attributes).map(
    ([name, value]) => `${name.replace(/^(?:swarmscope|gen_ai)\./, '')}=${clean(String(value), MAX_VALUE)}`,
  );
  const words = [agent === undefined ? '' : `agent=${agent}`, task === undefined ? '' : `task=${task}`, ...more];
  return `${new Date(timeMs).toISOString()}  ${clean(kind).padEnd(KIND_WIDTH)}  ${clean(words.filter((word) => word !== '').join('  '), MAX_WORDS)}\n`;
}

export function eventJson({ timeMs, kind, agent, task, severity, traceId, spanId, attributes, serviceName }: EventRow): object {
  return { time: new Date(timeMs).toISOString(), timeMs, kind, agent, task, severity, traceId, spanId, attributes, service: serviceName };
}
