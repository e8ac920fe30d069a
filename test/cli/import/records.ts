// Telemetry as other programs keep it: requests of OTLP in JSON, and the command that reads them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandFile, freshFolder, runProgram, type ProgramOptions, type ProgramResult } from '../../harness/index.ts';

/** Epoch milliseconds of the first span: long ago on every clock. */
export const BEGIN_MS = 1_700_000_000_000;

export interface TestSpan {
  readonly id: number;
  readonly name: string;
  readonly parent?: number;
  readonly trace?: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly attributes?: Readonly<Record<string, string | number>>;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
export const nanos = (ms: number): string => `${BEGIN_MS + ms}000000`;

export const keyValues = (attributes: Readonly<Record<string, string | number>>): object[] =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) },
  }));

export function spanJson({ id, name, parent, trace = 7, fromMs, toMs, attributes = {} }: TestSpan): object {
  return {
    traceId: hex(trace, 32),
    spanId: hex(id, 16),
    ...(parent === undefined ? {} : { parentSpanId: hex(parent, 16) }),
    name,
    kind: 1,
    startTimeUnixNano: nanos(fromMs),
    endTimeUnixNano: nanos(toMs),
    attributes: keyValues(attributes),
    status: {},
  };
}

export const request = (spans: readonly object[], scope = 'swarmscope'): object => ({
  resourceSpans: [{ resource: { attributes: keyValues({ 'service.name': 'swarm' }) }, scopeSpans: [{ scope: { name: scope }, spans }] }],
});

/** A run of two tasks with one call each, of 10 s. */
export const twoTasks: readonly TestSpan[] = [
  { id: 1, name: 'invoke_workflow demo', fromMs: 0, toMs: 10_000, attributes: { 'gen_ai.operation.name': 'invoke_workflow' } },
  ...[2, 4].flatMap((id) => [
    {
      id,
      name: 'run_task implement',
      parent: 1,
      fromMs: 1_000,
      toMs: 9_000,
      attributes: { 'swarmscope.operation.name': 'run_task', 'swarmscope.task.type': 'implement', 'swarmscope.task.id': `part-${id}` },
    },
    {
      id: id + 1,
      name: 'chat gpt-5.4-mini',
      parent: id,
      fromMs: 2_000,
      toMs: 8_000,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-5.4-mini',
        'gen_ai.usage.input_tokens': 1_000,
        'gen_ai.usage.output_tokens': 100,
      },
    },
  ]),
];

export const twoTasksLine = JSON.stringify(request(twoTasks.map(spanJson)));

/** Files by name in a folder of their own. */
export function filesIn(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = freshFolder('records');
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

export function command(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  return runProgram({ ...options, preload: 'none', command: process.execPath, args: [commandFile, ...args] });
}

/** The report as JSON. */
export interface Report {
  readonly run: { readonly name: string; readonly wallMs: number; readonly startMs: number; readonly isFinished: boolean };
  readonly spanCount: number;
  readonly losses: Readonly<Record<string, number>>;
  readonly imported: { readonly traces: number; readonly sources: readonly string[]; readonly unknown: readonly { what: string }[] };
  readonly usage: { readonly calls: number; readonly tokens: Readonly<Record<string, number>> };
  readonly taskTypes: readonly { readonly name: string; readonly count: number }[];
  readonly timeline: { readonly lanes: readonly unknown[] };
}

export async function importing(args: readonly string[], options: ProgramOptions = {}): Promise<Report & { stderr: string }> {
  const { stdout, stderr, code } = await command(['report', '--import', ...args, '--json', '-'], options);
  if (code !== 0) throw new Error(`exit ${String(code)}: ${stderr}`);
  return { ...(JSON.parse(stdout) as Report), stderr };
}
