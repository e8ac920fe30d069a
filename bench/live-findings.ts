/**
 * What following a run for live findings costs: CPU of taking the starts and ends of spans, of looks once a second, and memory.
 * `node --expose-gc bench/live-findings.ts [spans a second] [seconds of its clock] [rounds]`
 */
import { loadavg } from 'node:os';
import { watchFindings, type Surroundings } from '../src/analysis/live/index.ts';
import type { Attributes, SpanRow } from '../src/analysis/model.ts';
import { leftBehind } from '../src/processes/left-behind.ts';
import type { SeenProcess } from '../src/processes/tree.ts';
import * as words from '../src/semconv/index.ts';
import { median } from './rounds.ts';

const [perSecond = 1_000, seconds = 300, rounds = 5] = process.argv.slice(2).map(Number);
const LANES = 200;
/** Of one task, itself among them. */
const SPANS = 25;
const PROCESSES = 200;

const task = (id: number): Attributes => ({
  [words.ATTR_SWARMSCOPE_OPERATION_NAME]: words.SWARMSCOPE_OPERATION_NAME_VALUE_RUN_TASK,
  [words.ATTR_SWARMSCOPE_TASK_TYPE]: 'implement',
  [words.ATTR_SWARMSCOPE_TASK_ID]: `t-${id}`,
});
/** One in forty calls is refused; tools differ in what they are given; one in ten merges conflicts. */
const kinds: readonly ((at: number) => Attributes)[] = [
  (at) => ({
    [words.ATTR_GEN_AI_OPERATION_NAME]: 'chat',
    [words.ATTR_GEN_AI_PROVIDER_NAME]: 'openai',
    [words.ATTR_GEN_AI_REQUEST_MODEL]: 'm',
    ...(at % 40 === 0 ? { [words.ATTR_ERROR_TYPE]: '429', [words.ATTR_HTTP_RESPONSE_STATUS_CODE]: 429 } : {}),
  }),
  (at) => ({
    [words.ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool',
    [words.ATTR_GEN_AI_TOOL_NAME]: 'read',
    [words.ATTR_SWARMSCOPE_TOOL_CALL_ARGUMENTS_HASH]: String(at % 97),
    [words.ATTR_SWARMSCOPE_TOOL_CALL_RESULT_HASH]: String(at % 89),
  }),
  (at) => ({
    [words.ATTR_SWARMSCOPE_GIT_OPERATION_NAME]: 'merge',
    [words.ATTR_VCS_REPOSITORY_NAME]: 'shop',
    [words.ATTR_SWARMSCOPE_GIT_MERGE_RESULT]: at % 10 === 0 ? 'conflict' : 'merged',
  }),
  () => ({ [words.ATTR_SWARMSCOPE_WAIT_REASON]: 'lock' }),
];

interface Second {
  readonly starts: SpanRow[];
  readonly spans: SpanRow[];
}

/** All rows of the run, made before it is measured. */
function swarm(): Second[] {
  const lanes = Array.from({ length: LANES }, () => ({
    root: undefined as SpanRow | undefined,
    open: undefined as SpanRow | undefined,
    done: 0,
  }));
  let number = 0;
  const made = (parent: SpanRow | undefined, attributes: Attributes, startMs: number): SpanRow => {
    number += 1;
    return {
      ...{ traceId: 'f'.repeat(32), spanId: number.toString(16).padStart(16, '0'), parentSpanId: parent?.spanId, name: 'step', kind: 1 },
      ...{ startMs, endMs: undefined, isError: attributes[words.ATTR_ERROR_TYPE] !== undefined, attributes, links: [] },
      ...{ scopeName: 'swarmscope', serviceName: 'swarm', pid: 1_000 + (number % PROCESSES), sender: 'p' },
    };
  };
  return Array.from({ length: seconds }, (_, second) => {
    const [starts, spans]: [SpanRow[], SpanRow[]] = [[], []];
    for (let at = 0; at < perSecond; at += 1) {
      const nowMs = 1.7e12 + second * 1_000 + (1_000 * at) / perSecond;
      const lane = lanes[at % LANES] as (typeof lanes)[number];
      if (lane.open !== undefined) spans.push({ ...lane.open, endMs: nowMs });
      lane.open = undefined;
      if (lane.root === undefined) starts.push((lane.root = made(undefined, task(number), nowMs)));
      else if (lane.done >= SPANS - 1) {
        spans.push({ ...lane.root, endMs: nowMs });
        lane.root = undefined;
        lane.done = 0;
      } else {
        starts.push((lane.open = made(lane.root, (kinds[number % kinds.length] as (typeof kinds)[number])(number), nowMs)));
        lane.done += 1;
      }
    }
    return { starts, spans };
  });
}

const living = Array.from({ length: PROCESSES }, (_, at): SeenProcess => {
  const facts = { executable: 'node', kind: 'node', agentName: undefined, isFork: false } as SeenProcess['facts'];
  return { pid: 1_000 + at, startMs: 1.7e12, endMs: undefined, parent: undefined, facts } as SeenProcess;
});
const byPid = new Map(living.map((each) => [each.pid, each]));
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

function measure(rows: readonly Second[]): { taking: number; looking: number; raised: number } {
  const findings = watchFindings();
  let [taking, looking, raised] = [0, 0, 0];
  for (const [second, { starts, spans }] of rows.entries()) {
    const began = cpuMs();
    // As a receiver has them: many small requests.
    for (let at = 0; at < spans.length; at += 20) findings.add({ spans: spans.slice(at, at + 20) });
    for (let at = 0; at < starts.length; at += 20) findings.add({ starts: starts.slice(at, at + 20) });
    const taken = cpuMs();
    const around: Surroundings = {
      silent: [],
      left: leftBehind(living) as never[],
      isGone: (pid) => byPid.get(pid)?.endMs !== undefined,
    };
    raised += findings.look(1.7e12 + (second + 1) * 1_000, around).length;
    taking += taken - began;
    looking += cpuMs() - taken;
  }
  return { taking: taking / seconds, looking: looking / seconds, raised };
}

const rows = swarm();
const all = Array.from({ length: rounds }, () => measure(rows));
const of = (name: 'taking' | 'looking'): number => median(all.map((each) => each[name]));
const total = of('taking') + of('looking');
console.log(
  `${perSecond} spans a second (a start and an end each), ${LANES} lanes, ${seconds} s, ${rounds} rounds, load ${loadavg()[0]?.toFixed(0) ?? '?'}:\n` +
    `  ${(total / 10).toFixed(2)} % of a core: taking ${of('taking').toFixed(2)} ms, looking ${of('looking').toFixed(2)} ms a second; ` +
    `${all[0]?.raised ?? 0} findings told`,
);
