/** `swarmscope report --html FILE`: one page that asks nobody, with the numbers of the report and nothing that privacy keeps in. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { RunData } from '../../../src/analysis/model.ts';
import { CONTENT_CLASS } from '../../../src/semconv/generated/content-mask.ts';
import type { FileData } from '../../../src/viewer/wire.ts';
import { randomRun } from '../../analysis/random-runs.ts';
import { commandFile, ensureBuilt, freshFolder, runProgram } from '../../harness/index.ts';
import { dataHome, reportOf, store } from './served.ts';

const named = (): RunData => {
  const data = randomRun(15);
  return { ...data, run: { ...data.run, id: 'run-15' } };
};

async function html(home: string, args: readonly string[]): Promise<{ code: number | null; stderr: string; stdout: string }> {
  ensureBuilt();
  return await runProgram({ file: commandFile, preload: 'none', args: ['report', 'run-15', ...args], env: { XDG_DATA_HOME: home } });
}

const dataIn = (page: string): FileData => {
  const [, base64 = ''] = /<script type="application\/json" id="swarmscope-data">([^<]+)<\/script>/.exec(page) ?? [];
  return JSON.parse(gunzipSync(Buffer.from(base64, 'base64')).toString('utf8')) as FileData;
};

test('the file has the report, the lanes and the spans of the run, for this user alone', async () => {
  const home = dataHome();
  store(home, named());
  const file = join(freshFolder('html'), 'run.html');
  expect(await html(home, ['--html', file])).toEqual(expect.objectContaining({ code: 0, stdout: '', stderr: '' }));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { report, snapshot, spans, tasks, text } = dataIn(readFileSync(file, 'utf8'));
  expect({ schemaVersion: 1, ...report }).toEqual(await reportOf(home, 'run-15'));
  expect(snapshot.totals.byCategory).toEqual(report.laneTime.byCategory);
  expect([spans.length, tasks.length]).toEqual([report.spanCount, report.lanes.occupants]);
  expect(text).toContain('swarmscope  demo');
});

test('it asks nobody, and says its report as text where there are no scripts', async () => {
  const home = dataHome();
  const data = named();
  store(home, { ...data, run: { ...data.run, name: '</pre><script>alert(1)</script>$&' } });
  const file = join(freshFolder('html'), 'run.html');
  await html(home, ['--html', file]);
  const page = readFileSync(file, 'utf8');
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  expect(policy).toContain("connect-src 'none'");
  expect(policy).toContain("default-src 'none'");
  const [, said = ''] = /<noscript id="without-script">([^]*?)<\/noscript>/.exec(page) ?? [];
  expect(said).toContain('&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;$&amp;');
  expect(said).toMatch(/^<pre>swarmscope {2}/);
  expect(page).not.toContain('<script>alert(1)');
});

test('captured content is not in it: every attribute of the registry that may be content, and names that nobody knows', async () => {
  const home = dataHome();
  const data = named();
  const canaries = Object.entries(CONTENT_CLASS)
    .filter(([, kind]) => kind === 'content')
    .map(([name]) => name);
  expect(canaries.length).toBeGreaterThan(10);
  const attributes = Object.fromEntries([...canaries, 'unknown.name', 'http.url'].map((name) => [name, `CANARY ${name}`]));
  store(home, { ...data, spans: data.spans.map((span) => ({ ...span, attributes: { ...attributes, ...span.attributes } })) });
  const file = join(freshFolder('html'), 'run.html');
  await html(home, ['--html', file]);
  const page = readFileSync(file, 'utf8');
  expect(JSON.stringify(dataIn(page))).not.toContain('CANARY');
  expect(page).not.toContain('CANARY');
});

test('a run that was killed is said to be cut off in its file', async () => {
  const home = dataHome();
  const data = named();
  store(home, { ...data, run: { ...data.run, endMs: undefined, exitCode: undefined } });
  const file = join(freshFolder('html'), 'run.html');
  await html(home, ['--html', file]);
  const { run, verdict } = dataIn(readFileSync(file, 'utf8')).snapshot;
  expect([run.state, verdict.rule]).toEqual(['cut', 'cut']);
});

test('a folder that is not there ends with 1 and is named, before anything is read', async () => {
  const home = dataHome();
  const folder = join(freshFolder('html'), 'no-such');
  const { code, stderr, stdout } = await html(home, ['--html', join(folder, 'run.html')]);
  expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(folder)]);
});

test('beside --json both are written', async () => {
  const home = dataHome();
  store(home, named());
  const folder = freshFolder('html');
  const { code } = await html(home, ['--html', join(folder, 'run.html'), '--json', join(folder, 'run.json')]);
  expect(code).toBe(0);
  expect(dataIn(readFileSync(join(folder, 'run.html'), 'utf8')).report.spanCount).toBe(
    (JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as { spanCount: number }).spanCount,
  );
});
