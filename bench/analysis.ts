/** What the report of a stored run costs: CPU time, wall time and memory of `swarmscope report` on runs of so many spans (`node bench/analysis.ts [spans...]`). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SpanRow } from '../src/analysis/model.ts';
import { openStore } from '../src/viewer/store/index.ts';

const BEGIN_MS = 1_790_000_000_000;
const LANES = 32;
const CALLS = 10;
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const given = process.argv.slice(2).map(Number);

/** Tasks of three types on 32 lanes, each with ten LLM calls and ten tools: 350 calls a second for as long as there are spans. */
function* spansOf(count: number): Generator<SpanRow> {
  let id = 1;
  const next = (): string => (id++).toString(16).padStart(16, '0');
  const root = next();
  const span = (own: Pick<SpanRow, 'name' | 'startMs' | 'endMs' | 'attributes'> & Partial<SpanRow>): SpanRow => ({
    traceId: TRACE_ID,
    spanId: next(),
    parentSpanId: root,
    kind: 1,
    isError: false,
    links: [],
    scopeName: 'swarmscope',
    serviceName: 'bench',
    pid: 42,
    ...own,
  });
  for (let task = 0; id < count; task++) {
    const startMs = BEGIN_MS + Math.floor(task / LANES) * 1_000 + (task % LANES) * 3;
    const type = ['implement', 'review', 'test'][task % 3] ?? '';
    const attributes = { 'swarmscope.operation.name': 'run_task', 'swarmscope.task.type': type, 'swarmscope.task.id': `part-${task}` };
    const own = span({ name: `run_task ${type}`, startMs, endMs: startMs + 900 + (task % 7) * 9, attributes });
    yield own;
    for (let call = 0; call < CALLS; call++) {
      const fromMs = startMs + 5 + call * 85;
      yield span({
        parentSpanId: own.spanId,
        name: 'chat gpt-5.4-mini',
        kind: 3,
        startMs: fromMs,
        endMs: fromMs + 50,
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': 'gpt-5.4-mini',
          'gen_ai.response.id': `answer-${task}-${call}`,
          'gen_ai.usage.input_tokens': 1_000 + call * 100,
          'gen_ai.usage.output_tokens': 80,
          'swarmscope.cost.amount': 0.001,
          'swarmscope.cost.currency': 'USD',
        },
      });
      yield span({
        parentSpanId: own.spanId,
        name: 'execute_tool run_tests',
        startMs: fromMs + 51,
        endMs: fromMs + 83,
        attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': `tool_${call % 5}` },
      });
    }
  }
}

function store(folder: string, count: number): string {
  const id = `spans-${count}`;
  const made = openStore(join(folder, 'swarmscope', 'runs', id, 'run.sqlite'));
  made.startRun({
    id,
    name: 'bench',
    command: 'node',
    startMs: BEGIN_MS,
    endMs: undefined,
    exitCode: undefined,
    signal: undefined,
    pid: 42,
  });
  let spans: SpanRow[] = [];
  let endMs = BEGIN_MS;
  const write = (): void => {
    made.addTraces({ spans, losses: {} });
    made.flush();
    spans = [];
  };
  for (const span of spansOf(count)) {
    endMs = Math.max(endMs, span.endMs ?? 0);
    if (spans.push(span) >= 10_000) write();
  }
  write();
  made.endRun({ id, endMs: endMs + 100, exitCode: 0, signal: undefined });
  made.close();
  return id;
}

const folder = mkdtempSync(join(tmpdir(), 'swarmscope-bench-'));
/** Tells what the process that made the report has used, when it ends. */
const told = `process.on('exit', () => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.stderr.write('used ' + JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, mib: maxRSS / 1024 }) + '\\n'); });`;
try {
  for (const count of given.length > 0 ? given : [1_000, 50_000, 1_000_000]) {
    const id = store(folder, count);
    const begin = performance.now();
    const { stderr, status } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(told)}`, 'dist/cli.mjs', 'report', id, '--json', join(folder, `${id}.json`)],
      { encoding: 'utf8', cwd: join(import.meta.dirname, '..'), env: { ...process.env, XDG_DATA_HOME: folder } },
    );
    const wallMs = performance.now() - begin;
    const used = /used (\{.*\})/.exec(stderr)?.[1];
    if (status !== 0 || used === undefined) throw new Error(`${count} spans: exit ${String(status)}: ${stderr}`);
    const { cpuMs, mib } = JSON.parse(used) as { cpuMs: number; mib: number };
    const load = (loadavg()[0] ?? 0).toFixed(0);
    console.log(
      `${count} spans: ${(cpuMs / 1_000).toFixed(2)} s CPU, ${(wallMs / 1_000).toFixed(2)} s wall, ${mib.toFixed(0)} MiB (load ${load})`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
