// An app's own OpenTelemetry, of every time and however it starts: its exporters get exactly what they get without us.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { nodeBinary } from '../../../tools/node-versions.ts';
import { ensureBuilt } from '../../harness/index.ts';
import { installed, type SdkProject } from './install.ts';
import { appFiles, appOnce, appTwice, expectUntouched } from './program.ts';

type Row = SdkProject;

const PROJECTS: readonly Row[] = ['api-1.0', 'sdk-1', 'sdk-1-last', 'sdk-2', 'sdk-3'];
const OURS = ['run_task inner', 'run_task unit'];

beforeAll(() => {
  ensureBuilt();
  for (const project of PROJECTS) installed(project);
});

describe.each(PROJECTS)('an app with %s', (project) => {
  test('that starts its SDK by --require, before us and after us, sends the same', async () => {
    const files = appFiles(project, 'before');
    const runs = await appTwice({ project, files, args: ['--require', './start.cjs', 'PRELOAD', 'app.cjs'] });
    expectUntouched(runs, OURS);
    const loaded = await appOnce(
      { project, files, args: ['PRELOAD', '--require', './start.cjs', 'app.cjs'] },
      { isLoaded: true, folder: runs.folder },
    );
    expectUntouched({ ...runs, loaded }, OURS);
  });

  test('that starts its SDK 50 ms after the start keeps the spans of tracers taken before', async () => {
    const runs = await appTwice({ project, files: appFiles(project, 50), args: ['PRELOAD', 'app.cjs'] });
    const names = runs.plain.app.spans.map(({ path }) => path);
    expect(names).toContain('root/early child');
    expect(names).toContain('root/provider child');
    expect(names).not.toContain('before the start');
    expect(withoutRecording(runs.plain.result.stdout)).toEqual(withoutRecording(runs.loaded.result.stdout));
    expectUntouched(sameBefore(runs), [...OURS, 'before the start']);
  });
});

test.each([
  ['sdk-3', '22.15.0'],
  ['sdk-3', '26.10.0'],
  ['sdk-1', '22.15.0'],
  ['sdk-1', '26.10.0'],
] as const)('%s by NODE_OPTIONS on Node %s sends the same', async (project, version) => {
  const files = appFiles(project, 'before');
  const env = { NODE_OPTIONS: 'PRELOAD --require ./start.cjs' };
  expectUntouched(await appTwice({ project, files, args: ['app.cjs'], env, node: nodeBinary(version) }), OURS);
});

test.each(['sdk-2', 'sdk-3'] as const)('%s in ES modules, started by NODE_OPTIONS, sends the same', async (project) => {
  const files = appFiles(project, 'before', true);
  const env = { NODE_OPTIONS: '--require ./start.cjs PRELOAD' };
  expectUntouched(await appTwice({ project, files, args: ['app.mjs'], env }), OURS);
});

test.each(['sdk-3'] as const)('%s started 2 s after us sends the same', async (project) => {
  const runs = await appTwice({ project, files: appFiles(project, 2_000), args: ['PRELOAD', 'app.cjs'] });
  expectUntouched(sameBefore(runs), [...OURS, 'before the start']);
});

type Runs = Awaited<ReturnType<typeof appTwice>>;

/**
 * Before the app has an SDK its no-op span is one that we record: the one line of the program that tells the difference
 * is left out.
 */
function sameBefore({ plain, loaded, folder }: Runs): Runs {
  const tidy = (run: Runs['plain']): Runs['plain'] => ({ ...run, result: { ...run.result, stdout: withoutRecording(run.result.stdout) } });
  return { plain: tidy(plain), loaded: tidy(loaded), folder };
}

function withoutRecording(stdout: string): string {
  return stdout.replace(/^before (?:true|false) \S+/m, 'before');
}
