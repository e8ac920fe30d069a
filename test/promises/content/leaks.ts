// Runs the swarm one way and collects everything that left it or lies on disk afterwards.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LogRow, SpanRow } from '../../../src/analysis/model.ts';
import { commandFile, runProgram, startSink, type ProgramResult, type Sink } from '../../harness/index.ts';
import { readLogs, readTraces } from '../../../src/viewer/receive/rows/index.ts';
import { filesBelow, type Exhibit } from './canaries.ts';
import type { Stage } from './swarm.ts';

export interface Aftermath {
  readonly result: ProgramResult;
  readonly spans: readonly SpanRow[];
  readonly logs: readonly LogRow[];
  readonly exhibits: readonly Exhibit[];
}

/** Straight to an endpoint, by the preload alone. */
export async function runAlone(
  stage: Stage,
  env: Readonly<Record<string, string>> = {},
  node: string = process.execPath,
): Promise<Aftermath> {
  const sink = await startSink();
  const { otlpHeader, otlpPassword, otlpToken } = stage.canaries;
  const endpoint = new URL(sink.url);
  endpoint.username = 'me';
  endpoint.password = otlpPassword;
  endpoint.search = `token=${otlpToken}`;
  const asked = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint.href, OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${otlpHeader}`, ...env };
  const result = await runProgram({ node, file: stage.program, cwd: stage.folder, env: { ...stage.env, ...asked } });
  await sink.close();
  const commands = await commandsAfter(stage, asked);
  return { result, ...rowsOf(sink), exhibits: [...sent(sink), ...onDisk(stage), ...commands] };
}

/** To an endpoint that is down: what is held back lies on disk. */
export async function runDuringOutage(stage: Stage): Promise<Pick<Aftermath, 'result' | 'exhibits'>> {
  const { otlpHeader, otlpPassword, otlpToken } = stage.canaries;
  const asked = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://me:${otlpPassword}@127.0.0.1:1/?token=${otlpToken}`,
    OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${otlpHeader}`,
  };
  const result = await runProgram({ file: stage.program, cwd: stage.folder, env: { ...stage.env, ...asked } });
  return { result, exhibits: [...onDisk(stage), ...(await commandsAfter(stage, asked))] };
}

/** Under `swarmscope run`, which also hands everything on to an endpoint. */
export async function runSupervised(stage: Stage, env: Readonly<Record<string, string>> = {}): Promise<Aftermath> {
  const sink = await startSink();
  const { otlpHeader, trailingArgument } = stage.canaries;
  const asked = { OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${otlpHeader}`, ...env };
  const flags = ['--export', sink.url, '--json', join(stage.home, 'report.json')];
  const result = await runProgram({
    preload: 'none',
    command: process.execPath,
    args: [commandFile, 'run', ...flags, '--', process.execPath, stage.program, trailingArgument],
    cwd: stage.folder,
    env: { ...stage.env, ...asked },
  });
  await sink.close();
  const commands = await commandsAfter(stage, asked);
  const said = { from: 'stderr of swarmscope run', bytes: Buffer.from(result.stderr) };
  return { result, ...rowsOf(sink), exhibits: [said, ...sent(sink), ...onDisk(stage), ...commands] };
}

function sent(sink: Sink): Exhibit[] {
  return sink.requests.map(({ path, body, headers }, index) => ({
    from: `request ${index} to ${path.split('?')[0] ?? ''} (${headers['content-type'] ?? ''})`,
    bytes: body,
  }));
}

/** The endpoint has a query, so paths are not compared whole. */
function rowsOf(sink: Sink): Pick<Aftermath, 'spans' | 'logs'> {
  const of = (signal: string): { body: Buffer; encoding: 'json' | 'protobuf' }[] =>
    sink.requests
      .filter(({ path }) => path.split('?')[0] === `/v1/${signal}`)
      .map(({ body, headers }) => ({ body, encoding: headers['content-type'] === 'application/json' ? 'json' : 'protobuf' }));
  return {
    spans: of('traces').flatMap(({ body, encoding }) => readTraces(body, encoding).spans),
    logs: of('logs').flatMap(({ body, encoding }) => readLogs(body, encoding).logs),
  };
}

function onDisk({ home, snapshot, canaries }: Stage): Exhibit[] {
  // What the test itself put there, and the copy of our own code.
  const isOther = (path: string): boolean => path.startsWith('.cache') || path.startsWith('.gitconfig') || path.includes(canaries.home);
  return [...filesBelow(home, isOther), ...(existsSync(snapshot) ? filesBelow(snapshot) : [])];
}

const commands = [['report'], ['report', '--json', '-'], ['runs'], ['runs', '--json', '-'], ['doctor'], ['doctor', '--json', '-']];

async function commandsAfter(stage: Stage, env: Readonly<Record<string, string>>): Promise<Exhibit[]> {
  const said: Exhibit[] = [];
  for (const args of commands) {
    const command = { preload: 'none', command: process.execPath, args: [commandFile, ...args], env: { ...stage.env, ...env } } as const;
    const { stdout, stderr } = await runProgram(command);
    said.push({ from: `swarmscope ${args.join(' ')}`, bytes: Buffer.from(stdout + stderr) });
  }
  return said;
}
