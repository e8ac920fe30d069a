/** The agents of the run: what each used and did, and how it ended. What nobody told is `-`. */
import type { RunReport } from '../../../analysis/index.ts';
import { bytes, count, duration, money, plural } from '../numbers.ts';
import { MAX_ROWS, more, type Section } from '../section.ts';
import { clean, table, wrap, type Style } from '../style.ts';

export const agents: Section = { title: 'Agents', lines };

type Agent = RunReport['agents'][number];

const UNKNOWN = '-';
const MAX_NAME = 24;

const known = <Value>(value: Value | undefined, shown: (value: Value) => string): string => (value === undefined ? UNKNOWN : shown(value));

/** The most important one first: where the width does not hold all of them, the last ones are in the JSON alone. */
const COLUMNS: readonly { readonly head: string; readonly cell: (agent: Agent) => string }[] = [
  { head: 'agent', cell: ({ label }) => clean(label, MAX_NAME) },
  { head: 'time', cell: ({ durationMs }) => known(durationMs, duration) },
  { head: 'calls', cell: ({ calls, knownBy }) => (knownBy.length > 0 ? count(calls) : UNKNOWN) },
  { head: 'in', cell: ({ tokens }) => known(tokens.input, count) },
  { head: 'out', cell: ({ tokens }) => known(tokens.output, count) },
  {
    head: 'cost',
    cell: ({ cost }) => known(cost.amount, (amount) => `${money(amount, cost.currency)}${cost.isLowerBound ? '+' : ''}`),
  },
  { head: 'tools', cell: ({ tools, knownBy }) => (knownBy.length > 0 || tools > 0 ? count(tools) : UNKNOWN) },
  { head: 'git', cell: ({ gitCommands }) => count(gitCommands) },
  { head: 'exit', cell: ({ exitCode }) => known(exitCode, String) },
  { head: 'CPU', cell: ({ cpuSeconds }) => known(cpuSeconds, (seconds) => duration(seconds * 1_000)) },
  { head: 'CPU below', cell: ({ childCpuSeconds }) => known(childCpuSeconds, (seconds) => duration(seconds * 1_000)) },
  { head: 'memory', cell: ({ peakMemoryBytes }) => known(peakMemoryBytes, bytes) },
];

const BY_GATEWAY = 'swarmscope run --gateway sees those of programs that do not tell of them';
const PAST_GATEWAY = 'none of theirs came through the gateway';

function lines({ agents: all, observation: { isGatewayUsed } }: RunReport, style: Style): string[] {
  if (all.length === 0) return [];
  const shown = all.slice(0, MAX_ROWS);
  // A column of which nothing is known says nothing.
  const told = COLUMNS.filter(({ cell }, at) => at === 0 || shown.some((agent) => cell(agent) !== UNKNOWN));
  const rows = [told.map(({ head }) => head), ...shown.map((agent) => told.map(({ cell }) => cell(agent)))];
  const unseen = all.filter(({ knownBy, pid }) => knownBy.length === 0 && pid !== undefined).length;
  const advice = `No LLM call was seen of ${plural(unseen, 'agent')}: ${isGatewayUsed ? PAST_GATEWAY : BY_GATEWAY}.`;
  return [...fitting(rows, style.width), ...more(all.length, 'agents'), ...(unseen > 0 ? wrap(advice, style.width) : [])];
}

function fitting(rows: readonly (readonly string[])[], width: number): string[] {
  for (let columns = rows[0]?.length ?? 0; columns > 1; columns--) {
    const printed = table(rows.map((row) => row.slice(0, columns)));
    if (printed.every((line) => line.length <= width)) return printed;
  }
  return table(rows.map((row) => row.slice(0, 1)));
}
