/** The table of variables that a child's environment gains; each row can be switched off by its name. */
import { theirsIn } from '../../config/gateway-variables.ts';
import { isAtEndpoint } from '../../config/run-environment/own-endpoint.ts';
import type { Settings } from '../../config/settings/index.ts';
import { withoutInheritedPreload, withoutPreload } from './node-options.ts';

export interface ChildFacts {
  /** The environment that the app gives to the child. */
  readonly theirs: Readonly<Record<string, string>>;
  /** The environment at the start of this process: a value that equals it was inherited and not chosen. */
  readonly started: Readonly<Record<string, string | undefined>>;
  readonly carrier: Readonly<Record<string, string>>;
  /** From the root: run id, run folder, git target. */
  readonly run: Readonly<Record<string, string>>;
  /** The option by which a Node loads the preload; undefined where there is no copy to load. */
  readonly preload: string | undefined;
  /** The child is a Node that is too old for the preload, or starts one. */
  readonly isOldNode?: boolean;
  /** NODE_OPTIONS of the child's `--env-file`; undefined where it cannot be known. */
  readonly envFileOptions?: string | undefined;
  readonly agentName: string | undefined;
  /** The child is started within a task, and belongs to the trace of that task. */
  readonly isInTask?: boolean;
  readonly settings: Settings;
}

type Row = (facts: ChildFacts) => string | undefined;

function unlessChosen(name: string, value: Row): Row {
  return (facts) => {
    const theirs = facts.theirs[name];
    const isChosen = theirs !== undefined && theirs !== '' && theirs !== facts.started[name];
    return isChosen ? undefined : value(facts);
  };
}

/** Our value where the variable is absent or empty. */
function ifAbsent(name: string, value: Row): Row {
  return (facts) => ((facts.theirs[name] ?? '') === '' ? value(facts) : undefined);
}

function forClaude(name: string, value: Row): [string, Row] {
  return [
    name,
    ifAbsent(name, (facts) => (facts.agentName === 'claude' && facts.settings.agents && !isSetUp(facts) ? value(facts) : undefined)),
  ];
}

/**
 * Claude's telemetry is set up by the user, and kept so. What another Claude passes on lacks the target, and what the root
 * of the run told everybody is none of the user's.
 */
function isSetUp({ theirs, settings }: ChildFacts): boolean {
  const isGiven = (name: string): boolean => (theirs[name] ?? '') !== '' && !isAtEndpoint(theirs[name], settings.ownEndpoint);
  return isGiven('CLAUDE_CODE_ENABLE_TELEMETRY') && Object.keys(theirs).some((name) => TARGET.test(name) && isGiven(name));
}

const TARGET = /^OTEL_(?:EXPORTER_OTLP_(?:\w+_)?ENDPOINT|(?:TRACES|METRICS|LOGS)_EXPORTER)$/;

/** Under `swarmscope run` all goes to its receiver, by each signal's variables: the general ones stay the app's. */
function toOurReceiver(signal: 'traces' | 'metrics' | 'logs'): [string, Row][] {
  const prefix = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}`;
  const under =
    (value: (ownEndpoint: string) => string): Row =>
    ({ settings: { ownEndpoint } }) =>
      ownEndpoint === '' ? undefined : value(ownEndpoint);
  return [
    forClaude(
      `${prefix}_ENDPOINT`,
      under((ownEndpoint) => `${ownEndpoint.replace(/\/$/, '')}/v1/${signal}`),
    ),
    forClaude(
      `${prefix}_PROTOCOL`,
      under(() => 'http/protobuf'),
    ),
  ];
}

/** The way that every `claude -p` of a run is told gives way to this one, which interactive sessions know as well. */
function insteadOf(name: string): [string, Row] {
  const isOurs = ({ theirs, settings }: ChildFacts): boolean => isAtEndpoint(theirs['BETA_TRACING_ENDPOINT'], settings.ownEndpoint);
  return [name, (facts) => (facts.agentName === 'claude' && facts.settings.agents && isOurs(facts) && !isSetUp(facts) ? '' : undefined)];
}

/** Claude Code's telemetry, with short intervals for short tasks: https://code.claude.com/docs/en/monitoring-usage. */
const CLAUDE: [string, Row][] = [
  insteadOf('ENABLE_BETA_TRACING_DETAILED'),
  insteadOf('BETA_TRACING_ENDPOINT'),
  forClaude('CLAUDE_CODE_ENABLE_TELEMETRY', () => '1'),
  forClaude('CLAUDE_CODE_ENHANCED_TELEMETRY_BETA', () => '1'),
  forClaude('CLAUDE_CODE_PROPAGATE_TRACEPARENT', () => '1'),
  forClaude('OTEL_TRACES_EXPORTER', () => 'otlp'),
  forClaude('OTEL_METRICS_EXPORTER', () => 'otlp'),
  forClaude('OTEL_LOGS_EXPORTER', () => 'otlp'),
  forClaude('OTEL_EXPORTER_OTLP_PROTOCOL', () => 'http/protobuf'),
  forClaude('OTEL_EXPORTER_OTLP_ENDPOINT', ({ settings }) => (settings.ownEndpoint === '' ? settings.endpoint : undefined)),
  ...toOurReceiver('traces'),
  ...toOurReceiver('metrics'),
  ...toOurReceiver('logs'),
  forClaude('OTEL_TRACES_EXPORT_INTERVAL', () => '1000'),
  forClaude('OTEL_LOGS_EXPORT_INTERVAL', () => '1000'),
  forClaude('OTEL_METRIC_EXPORT_INTERVAL', () => '1000'),
];

const gitTarget = unlessChosen('GIT_TRACE2_EVENT', (facts) => facts.run['GIT_TRACE2_EVENT']);

/** Our value only where events go to our target: what goes to a target of the user is left as it was. */
function withOurTarget(row: Row): Row {
  return (facts) => (gitTarget(facts) === undefined ? undefined : row(facts));
}

function inherited(name: string): [string, Row] {
  return [name, ifAbsent(name, (facts) => facts.started[name])];
}

/** The most important first: where an environment is nearly full, what does not fit is left out. */
const ROWS = new Map<string, Row>([
  ['TRACEPARENT', traceparent],
  // A copy: where both are alike, nobody chose the first, also in an environment that was handed around.
  ['SWARMSCOPE_TRACEPARENT', (facts) => (isOwn('SWARMSCOPE_TRACEPARENT', facts) ? undefined : traceparent(facts))],
  ['TRACESTATE', unlessChosen('TRACESTATE', (facts) => (propagated(facts) === undefined ? undefined : facts.carrier['TRACESTATE']))],
  ['NODE_OPTIONS', nodeOptions],
  ['SWARMSCOPE_RUN_ID', unlessChosen('SWARMSCOPE_RUN_ID', (facts) => facts.run['SWARMSCOPE_RUN_ID'])],
  ['SWARMSCOPE_RUN_DIR', unlessChosen('SWARMSCOPE_RUN_DIR', (facts) => facts.run['SWARMSCOPE_RUN_DIR'])],
  ['SWARMSCOPE_CLOCK', unlessChosen('SWARMSCOPE_CLOCK', (facts) => facts.carrier['SWARMSCOPE_CLOCK'] ?? facts.run['SWARMSCOPE_CLOCK'])],
  ['SWARMSCOPE_BUDGETS', unlessChosen('SWARMSCOPE_BUDGETS', (facts) => facts.carrier['SWARMSCOPE_BUDGETS'])],
  ['SWARMSCOPE_WORK', unlessChosen('SWARMSCOPE_WORK', (facts) => facts.carrier['SWARMSCOPE_WORK'])],
  ['SWARMSCOPE_ENDPOINT', ifAbsent('SWARMSCOPE_ENDPOINT', (facts) => facts.started['SWARMSCOPE_ENDPOINT'] ?? lostEndpoint(facts))],
  inherited('SWARMSCOPE_RUN_NAME'),
  inherited('SWARMSCOPE_AGENTS'),
  inherited('SWARMSCOPE_SPAN_STARTS'),
  inherited('SWARMSCOPE_GATEWAY_THEIRS'),
  ['SWARMSCOPE_TRACE_SCOPE', unlessChosen('SWARMSCOPE_TRACE_SCOPE', traceScope)],
  // A Trace2 target of the user is kept; git is then seen as a plain child process.
  ['GIT_TRACE2_EVENT', gitTarget],
  ['GIT_TRACE2_ENV_VARS', withOurTarget(unlessChosen('GIT_TRACE2_ENV_VARS', (facts) => facts.run['GIT_TRACE2_ENV_VARS']))],
  ['GIT_TRACE2_EVENT_BRIEF', withOurTarget(ifAbsent('GIT_TRACE2_EVENT_BRIEF', (facts) => facts.run['GIT_TRACE2_EVENT_BRIEF']))],
  ...CLAUDE,
]);

export const CHILD_VARIABLES: readonly string[] = [...ROWS.keys()];

export function childEnvironment(facts: ChildFacts): Record<string, string> {
  const added: Record<string, string> = {};
  for (const [name, row] of ROWS) {
    if (facts.settings.childEnvironmentOff.includes(name)) continue;
    const value = row(facts);
    if (value !== undefined && value !== (facts.theirs[name] ?? '')) added[name] = value;
  }
  return Object.assign(added, baseUrls(facts));
}

/** Addresses of the gateway, which this process itself does not use; what the program chose for its child is kept. */
function baseUrls({ theirs, started, agentName, settings }: ChildFacts): Record<string, string> {
  const added: Record<string, string> = {};
  for (const [name, own] of theirsIn(started['SWARMSCOPE_GATEWAY_THEIRS'])) {
    const value = started[name];
    const isChosen = (theirs[name] ?? '') !== own;
    // Claude tells its calls by itself.
    const isTold = agentName === 'claude' && settings.agents && name.startsWith('ANTHROPIC_');
    if (value !== undefined && !isChosen && !isTold && !settings.childEnvironmentOff.includes(name)) added[name] = value;
  }
  return added;
}

/** A child whose environment lacks the endpoint gets it, unless headers with credentials belong to it. */
function lostEndpoint({ theirs, settings }: ChildFacts): string | undefined {
  const isLost = settings.given.has('endpoint') && (theirs['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '') === '';
  return isLost && Object.keys(settings.headers).length === 0 ? settings.endpoint : undefined;
}

function propagated({ carrier, settings }: ChildFacts): string | undefined {
  return settings.propagators.includes('tracecontext') ? carrier['TRACEPARENT'] : undefined;
}

/**
 * Replaces what was inherited. PM2's daemon starts an app with the environment of the command that asked for it, another
 * process of the run: its TRACEPARENT would hang all apps below one span, and none below its own process.
 */
function traceparent(facts: ChildFacts): string | undefined {
  const value = isOwn('TRACEPARENT', facts) ? undefined : propagated(facts);
  return value === facts.theirs['TRACEPARENT'] ? undefined : value;
}

/** Whether the app chose this variable: it was neither inherited nor given by us to another process of the run. */
function isOwn(name: 'TRACEPARENT' | 'SWARMSCOPE_TRACEPARENT', { theirs, started, run }: ChildFacts): boolean {
  const value = theirs[name] ?? '';
  const isGiven = theirs['TRACEPARENT'] === theirs['SWARMSCOPE_TRACEPARENT'] && theirs['SWARMSCOPE_RUN_ID'] === run['SWARMSCOPE_RUN_ID'];
  return value !== '' && value !== started[name] && !isGiven;
}

/** Tasks in the child of a task belong to its trace, as nested tasks do; other children inherit our trace scope. */
function traceScope({ isInTask, settings, started }: ChildFacts): string | undefined {
  if (settings.traceScope !== 'task') return undefined;
  return isInTask === true ? 'run' : started['SWARMSCOPE_TRACE_SCOPE'];
}

interface UsersOptions {
  readonly options: string;
  /** As `withoutInheritedPreload` and `withoutPreload` have them. */
  readonly inherited: string | undefined;
  readonly kept: string | undefined;
}

let lastOptions: UsersOptions | undefined;

/** Read once for children that get the same: what we hand on has 6 KB. */
function withoutOurs(options: string): UsersOptions {
  if (lastOptions?.options === options) return lastOptions;
  return (lastOptions = { options, inherited: withoutInheritedPreload(options), kept: withoutPreload(options) });
}

/** Ours beside those of the user; empty where nothing is left. */
function nodeOptions(facts: ChildFacts): string | undefined {
  const { preload, isOldNode } = facts;
  const { inherited, kept } = withoutOurs(facts.theirs['NODE_OPTIONS'] ?? '');
  const isAway = isOldNode === true || (inherited === '' && 'envFileOptions' in facts && facts.envFileOptions === undefined);
  if (isAway) return inherited;
  if (preload === undefined || kept === undefined) return undefined;
  // Node reads the file only where its environment has no options.
  return [kept === '' ? (facts.envFileOptions ?? '') : kept, preload].filter((options) => options !== '').join(' ');
}
