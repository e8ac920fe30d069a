// A swarm full of secrets is run in each way, and nothing that left it or lies on disk holds one in any disguise.
import { describe, expect, test } from '@jest/globals';
import { nodeBinary } from '../../../tools/node-versions.ts';
import { escaped, hatch, disguises } from './canaries.ts';
import { runAlone, runDuringOutage, runSupervised, type Aftermath } from './leaks.ts';
import { setStage, type Stage } from './swarm.ts';

const ways: readonly (readonly [string, (stage: Stage) => Promise<Aftermath>])[] = [
  ['as protobuf by the preload alone', (stage) => runAlone(stage)],
  [
    'as JSON by the preload alone, with span starts',
    (stage) => runAlone(stage, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', SWARMSCOPE_SPAN_STARTS: 'true' }),
  ],
  ...['22.15.0', '26.10.0'].map((version): (typeof ways)[number] => [
    `as protobuf on Node ${version}`,
    (stage) => runAlone(stage, {}, nodeBinary(version)),
  ]),
  ['under swarmscope run, in its store, report and commands, and in what it hands on', (stage) => runSupervised(stage)],
];

/** Names of spans that must have arrived, else the swarm did not do what it is here for. */
const WANTED = [
  /^chat gpt-4o$/,
  /^chat claude-sonnet/,
  /^execute_tool read_file$/,
  /^run_task /,
  /^invoke_agent claude$/,
  /^git commit$/,
  /^git push$/,
  /^git clone$/,
  /^git other$|^git worktree add$/,
  /^missing-tool$/,
];

type Exhibit = Aftermath['exhibits'][number];

/** A script that stands in front of a program in PATH names the folder that it lies in, so as not to start itself; nothing else. */
function withoutOwnFolder({ from, bytes }: Exhibit): Exhibit {
  if (!/^bin\/(?:claude|codex|tmux)$/.test(from)) return { from, bytes };
  const text = bytes.toString('latin1').replace(/^ {2}\[ "\$swarmscope_at" = '[^']+' \] && continue$/m, '');
  return { from, bytes: Buffer.from(text, 'latin1') };
}

describe('with content off', () => {
  for (const [how, run] of ways)
    test(`no secret leaves ${how}`, async () => {
      const stage = await setStage();
      const { result, spans, exhibits } = await run(stage).finally(() => stage.models.close());
      expect(result).toMatchObject({ code: 0, isTimedOut: false, stdout: '' });
      for (const name of WANTED) expect(spans.map((span) => span.name)).toContainEqual(expect.stringMatching(name));
      expect(exhibits.length).toBeGreaterThan(10);
      expect(escaped(stage.canaries, exhibits.map(withoutOwnFolder))).toEqual([]);
    });
});

test('no secret is in what an outage left on disk', async () => {
  const stage = await setStage();
  const { result, exhibits } = await runDuringOutage(stage).finally(() => stage.models.close());
  expect(result).toMatchObject({ code: 0, isTimedOut: false, stdout: '' });
  const spooled = exhibits.filter(({ from }) => /swarmscope\/spool\/.*\.otlp$/.test(from) && !from.startsWith('name of'));
  expect(Buffer.concat(spooled.map(({ bytes }) => bytes)).toString('latin1')).toContain('chat gpt-4o');
  expect(escaped(stage.canaries, exhibits)).toEqual([]);
});

test('a secret is found in every disguise', () => {
  const birds = hatch(['one']);
  const missed = disguises(birds.one).filter(
    ([, text]) => escaped(birds, [{ from: 'a test', bytes: Buffer.from(`..${text}..`, 'latin1') }]).length === 0,
  );
  expect(missed).toEqual([]);
});
