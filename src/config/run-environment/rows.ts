/** What every program of a run finds in its environment, in whatever language, one row for each variable. Pure data. */
import type { ConfiguredAgent } from './agent-files.ts';
import { sparedHosts } from '../no-proxy.ts';
import { originOf } from './own-endpoint.ts';

export interface RunFacts {
  /** The environment of the program, without what another run has put into it. */
  readonly theirs: Readonly<Record<string, string>>;
  /** The receiver of the run, with its key as path. */
  readonly endpoint: string;
  /** The receiver knows whose connection it is, and needs no key of this user's processes. */
  readonly knowsOwners: boolean;
  /** Somebody listens on the ports to which OpenTelemetry's exporters send by themselves. */
  readonly hasCollector: boolean;
  /** Whether the telemetry of agents is switched on. */
  readonly agents: boolean;
  /** Those whose files say where their telemetry goes. */
  readonly setUpInFiles: ReadonlySet<ConfiguredAgent>;
}

/** Why a variable was left as it is: `chosen` has a value of the user's, `set-up` and `exporter` stand beside such values. */
export type LeftBecause = 'chosen' | 'set-up' | 'exporter' | 'collector';

export interface Row {
  readonly name: string;
  /** undefined: there is nothing to tell, which is not worth a word. */
  readonly value: (facts: RunFacts) => string | undefined;
  readonly leftBecause?: (facts: RunFacts) => LeftBecause | undefined;
  /** Its value is made of the user's own and may replace it. */
  readonly extends?: boolean;
}

const has = ({ theirs }: RunFacts, name: string): boolean => (theirs[name] ?? '') !== '';
const hasAny = ({ theirs }: RunFacts, names: RegExp): boolean =>
  Object.entries(theirs).some(([name, value]) => value !== '' && names.test(name));

const EXPORTERS = /^(?:OTEL_EXPORTER_OTLP_\w+|OTEL_(?:TRACES|METRICS|LOGS)_EXPORTER|OTEL_SDK_DISABLED)$/;
const CLAUDE_TARGET = /^(?:OTEL_EXPORTER_OTLP_(?:\w+_)?ENDPOINT|OTEL_(?:TRACES|METRICS|LOGS)_EXPORTER|BETA_TRACING_ENDPOINT)$/;

/** For one agent, unless the user has set something up for it. */
function ofAgent(
  agent: ConfiguredAgent,
  isSetUp: (facts: RunFacts) => boolean,
  variables: Readonly<Record<string, (facts: RunFacts) => string>>,
): Row[] {
  return Object.entries(variables).map(([name, value]) => ({
    name,
    value: (facts) => (facts.agents ? value(facts) : undefined),
    leftBecause: (facts) => (isSetUp(facts) || facts.setUpInFiles.has(agent) ? 'set-up' : undefined),
  }));
}

/** Gemini CLI, and Qwen Code which is made of it. */
function likeGemini(agent: 'gemini' | 'qwen', more: Readonly<Record<string, () => string>> = {}): Row[] {
  const prefix = `${agent.toUpperCase()}_TELEMETRY`;
  const variables = {
    [`${prefix}_ENABLED`]: () => 'true',
    [`${prefix}_TARGET`]: () => 'local',
    [`${prefix}_OTLP_ENDPOINT`]: ({ endpoint }: RunFacts) => endpoint,
    [`${prefix}_OTLP_PROTOCOL`]: () => 'http',
    [`${prefix}_LOG_PROMPTS`]: () => 'false',
    ...more,
  };
  return ofAgent(agent, (facts) => Object.keys(variables).some((name) => has(facts, name)), variables);
}

/** Never `OTEL_EXPORTER_OTLP_PROTOCOL`, an `OTEL_*_EXPORTER` or a name: a Python program with one exporter fails by them. */
function general(name: string, value: (facts: RunFacts) => string): Row {
  return {
    name,
    value,
    leftBecause: (facts) => (hasAny(facts, EXPORTERS) ? 'exporter' : facts.hasCollector ? 'collector' : undefined),
  };
}

const PROXY = /^(?:https?|all)_proxy$/i;

/** Python sends also what goes to this machine to a proxy that is named. Of two spellings the one that the user has is meant. */
function withoutProxy(name: 'NO_PROXY' | 'no_proxy', other: 'NO_PROXY' | 'no_proxy'): Row {
  return {
    name,
    extends: true,
    value(facts) {
      if (!hasAny(facts, PROXY) || (!has(facts, name) && has(facts, other))) return undefined;
      return sparedHosts(facts.theirs[name]);
    },
  };
}

export const ROWS: readonly Row[] = [
  // https://code.claude.com/docs/en/monitoring-usage; the two in the middle are for `-p`, and nothing else reads them.
  ...ofAgent('claude', (facts) => has(facts, 'CLAUDE_CODE_ENABLE_TELEMETRY') && hasAny(facts, CLAUDE_TARGET), {
    CLAUDE_CODE_ENABLE_TELEMETRY: () => '1',
    ENABLE_BETA_TRACING_DETAILED: () => '1',
    BETA_TRACING_ENDPOINT: ({ endpoint }) => endpoint,
    CLAUDE_CODE_PROPAGATE_TRACEPARENT: () => '1',
  }),
  // https://geminicli.com/docs/cli/telemetry, https://qwenlm.github.io/qwen-code-docs
  ...likeGemini('gemini', { GEMINI_TELEMETRY_TRACES_ENABLED: () => 'true' }),
  ...likeGemini('qwen'),
  // Without a path: exporters of gRPC for Go take it for a part of the port.
  general('OTEL_EXPORTER_OTLP_ENDPOINT', ({ endpoint, knowsOwners }) => (knowsOwners ? originOf(endpoint) : undefined) ?? endpoint),
  // MLflow would send its traces here and no longer to its own server.
  general('MLFLOW_ENABLE_DUAL_EXPORT', () => 'true'),
  withoutProxy('NO_PROXY', 'no_proxy'),
  withoutProxy('no_proxy', 'NO_PROXY'),
];
