/** Installs frameworks, runs one program for one of them without and with the preload, and asks what was seen. */
import { copyFileSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { SpanRow } from '../../../src/analysis/model.ts';
import type { MetricPointRow } from '../../../src/viewer/receive/rows/index.ts';
import { patient } from '../../e2e/programs.ts';
import { startSink } from '../../harness/index.ts';
import { installProject } from '../../harness/install-project.ts';
import { allSpansOf, metricPointsOf } from '../../harness/received.ts';
import { freshFolder, runProgram, type ProgramResult } from '../../harness/run-program.ts';
import { TABLE, versionsOf } from './table.ts';

export interface FrameworkProgram {
  /** Folder in `projects/`: what is installed. */
  readonly project: string;
  /** In `programs/`. */
  readonly program: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface FrameworkSeen extends ProgramResult {
  readonly project: string;
  /** The same program without the preload. */
  readonly bare: ProgramResult;
  readonly spans: readonly SpanRow[];
  readonly points: readonly MetricPointRow[];
  named(name: string): SpanRow[];
  /** What `doctor` is told of the libraries that its process loaded: `{name} {version}`. */
  readonly libraries: readonly string[];
}

export async function seenOf({ project, program, args = [], env = {} }: FrameworkProgram): Promise<FrameworkSeen> {
  const installed = installProject({
    project: join(import.meta.dirname, 'projects', project),
    into: `frameworks/${project}-`,
    name: project,
  });
  const folder = freshFolder('framework');
  symlinkSync(join(installed, 'node_modules'), join(folder, 'node_modules'));
  const file = join(folder, program);
  copyFileSync(join(import.meta.dirname, 'programs', program), file);
  const sink = await startSink();
  const state = freshFolder('state');
  const bare = await runProgram({ file, args, env, preload: 'none' });
  const result = await runProgram({
    file,
    args,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, XDG_STATE_HOME: state, ...patient, ...env },
  });
  await sink.close();
  const spans = allSpansOf(sink);
  const named = (name: string): SpanRow[] => spans.filter((span) => span.name === name).sort((a, b) => a.startMs - b.startMs);
  return { ...result, bare, spans, points: metricPointsOf(sink), named, project, libraries: librariesIn(state) };
}

function librariesIn(state: string): string[] {
  const files = readdirSync(state, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  const told = files.flatMap((file) => {
    const { libraries = [] } = JSON.parse(readFileSync(join(state, file), 'utf8')) as { libraries?: { name: string; version: string }[] };
    return libraries.map(({ name, version }) => `${name} ${version}`);
  });
  return [...new Set(told)].sort();
}

/**
 * The program printed and returned what it does without us; beside `warnings` of its libraries it says nothing on stderr. `doctor` can name
 * the framework and its version.
 */
export function expectSameAsBare({ bare, code, stdout, stderr, project, libraries }: FrameworkSeen, warnings?: RegExp): void {
  const other = bare.stderr.split('\n').filter((line) => line !== '' && warnings?.test(line) !== true);
  expect({ code: bare.code, other }).toEqual({ code: 0, other: [] });
  expect(bare.stdout).not.toBe('');
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: bare.stdout, stderr: bare.stderr });
  expect(libraries).toEqual(expect.arrayContaining([expect.stringMatching(namesIn(project))]));
}

/** A package that brings others is told by one of those: `@openai/agents-core`. */
function namesIn(project: string): RegExp {
  const names = TABLE.flatMap((row) => row.projects.map((each, index) => ({ ...row, each, version: versionsOf(row)[index] ?? '' })))
    .filter(({ each }) => each === project)
    .map(({ library, version }) => `${library}(?:-core)? ${version.replaceAll('.', '\\.')}`);
  return new RegExp(`^(?:${names.join('|')})$`);
}
