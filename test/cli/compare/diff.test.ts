/** `diff` and `report --against`: the real command on stored runs and on reports in files. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { commandFile, ensureBuilt, freshFolder } from '../../harness/index.ts';
import { command, filesIn, request, spanJson, twoTasks } from '../import/records.ts';

beforeAll(() => ensureBuilt());

/** The report of the two tasks, every time stretched. */
async function reportOf(stretch: number): Promise<string> {
  const spans = twoTasks.map((span) => spanJson({ ...span, fromMs: span.fromMs * stretch, toMs: span.toMs * stretch }));
  const folder = filesIn({ 'run.jsonl': JSON.stringify(request(spans)) });
  const { code, stderr } = await command(['report', '--import', join(folder, 'run.jsonl'), '--json', join(folder, 'report.json')]);
  if (code !== 0) throw new Error(stderr);
  return join(folder, 'report.json');
}

describe('two reports in files', () => {
  test('what changed is told as text and as JSON', async () => {
    const [before, after] = await Promise.all([reportOf(1), reportOf(2)]);
    const text = await command(['diff', before, after]);
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(/wall time +10\.0 s +20\.0 s +\+100%/);
    expect(text.stdout).toMatch(/2 are in both runs; those that changed most:\n +implement part-[24] +8\.0 s +16\.0 s +\+100%/);
    const json = await command(['diff', before, after, '--json', '-']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      schemaVersion: 1,
      before: { wallMs: 10_000 },
      after: { wallMs: 20_000 },
      tasks: { paired: 2 },
      conditions: [],
    });
  });

  test('a condition that is met is named and ends with 3, one that is not with 0', async () => {
    const [before, after] = await Promise.all([reportOf(1), reportOf(2)]);
    const met = await command(['diff', before, after, '--fail-on', 'cost>5%,wall>10%,lane:llm>1h', '--json', '-']);
    expect(met.code).toBe(3);
    expect(met.stderr).toMatch(/--fail-on wall>10% is met: wall was 10\.00 s and is 20\.00 s \(\+100\.0 %\)/);
    expect((JSON.parse(met.stdout) as { conditions: unknown }).conditions).toMatchObject([
      { text: 'cost>5%', isMet: false },
      { text: 'wall>10%', isMet: true },
      { text: 'lane:llm>1h', isMet: false },
    ]);
    expect(await command(['diff', after, before, '--fail-on', 'wall>10%'])).toMatchObject({ code: 0, stderr: '' });
    expect(
      await command(['report', '--import', join(after, '..', 'run.jsonl'), '--against', before, '--fail-on', 'wall>10%']),
    ).toMatchObject({ code: 3 });
  });

  test.each([
    { args: ['diff', '--fail-on', 'wall>>10'], code: 2, says: /cannot read "wall>>10"/ },
    { args: ['report', '--against', 'x.json', '--fail-on', 'nope>1%'], code: 2, says: /cannot read "nope>1%"/ },
    { args: ['report', '--fail-on', 'wall>1%'], code: 2, says: /--fail-on belongs to --against/ },
    { args: ['diff', 'no-such-run'], code: 1, says: /No run is stored yet/ },
    { args: ['diff', 'none.json', 'none.json'], code: 1, says: /Cannot read none\.json: no such file/ },
  ])('$args ends with $code', async ({ args, code, says }) => {
    const result = await command(args);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(says);
  });

  test('a file that is no report is named', async () => {
    const folder = filesIn({ 'a.json': '{"run":1}', 'b.json': 'text' });
    expect((await command(['diff', join(folder, 'a.json'), join(folder, 'b.json')])).stderr).toMatch(/b\.json: it is no JSON/);
    expect((await command(['diff', join(folder, 'b.json'), join(folder, 'a.json')])).stderr).toMatch(/a\.json: it is no report/);
  });
});

describe('stored runs', () => {
  const swarm = (ms: number): string =>
    `const { withTask } = require(${JSON.stringify(join(commandFile, '..', 'index.cjs'))});
     (async () => { for (let at = 0; at < 6; at++) await withTask({ type: 'build', id: 'part-' + at }, () => new Promise((done) => setTimeout(done, ${ms}))); })();`;

  test('the last run is compared with the one before it of its name, and a broken one is skipped with a line', async () => {
    const data = freshFolder('data');
    const env = { XDG_DATA_HOME: data };
    const run = async (name: string, ms: number): Promise<void> => {
      const folder = filesIn({ 'swarm.cjs': swarm(ms) });
      const ended = await command(['run', '--quiet', '--name', name, '--', process.execPath, join(folder, 'swarm.cjs')], { env });
      expect(ended.code).toBe(0);
    };
    await run('demo', 10);
    await run('another', 10);
    await run('demo', 400);
    const compared = await command(['diff', '--json', '-', '--fail-on', 'task:build>100%'], { env });
    expect(compared.code).toBe(3);
    expect(JSON.parse(compared.stdout)).toMatchObject({
      before: { name: 'demo' },
      after: { name: 'demo' },
      tasks: { paired: 6, unkeyed: 0 },
    });

    const runs = join(data, 'swarmscope', 'runs');
    const [last = ''] = readdirSync(runs).sort().reverse();
    writeFileSync(join(runs, last, 'run.sqlite'), 'no database');
    const skipped = await command(['report', '--json', '-'], { env });
    expect(skipped.code).toBe(0);
    expect(skipped.stderr).toMatch(/skipped a run: .*is no readable run/);
    expect(JSON.parse(skipped.stdout)).toMatchObject({ run: { name: 'another' } });
    const named = await command(['report', last], { env });
    expect(named).toMatchObject({ code: 1, stdout: '' });
    expect(named.stderr).toMatch(/is no readable run/);
  });
});
