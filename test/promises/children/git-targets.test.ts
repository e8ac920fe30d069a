/**
 * A user's own GIT_TRACE2_EVENT in each form that git knows: events go where they went, the same ones, and git is a
 * plain child.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { runTwice, startSink, type Twice } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';
import { ancestry, api, named, patient } from './support.ts';
import type { SpanRow } from '../../../src/analysis/model.ts';

/** Prints for each form what git wrote where: kinds of events and their words, without times and ids. */
const program = `
  const { withTask } = require(${api});
  const { spawn } = require('node:child_process');
  const { mkdirSync, openSync, readFileSync, readdirSync } = require('node:fs');
  const { createServer } = require('node:net');
  const kinds = (text) => text.split('\\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line)).map(({ event, param, exe, argv }) => [event, param, argv?.slice(1)]);
  const git = (value, stdio = ['ignore', 'pipe', 'pipe']) => new Promise((resolve) => {
    const env = process.argv[2] === 'child' ? { GIT_TRACE2_EVENT: value } : {};
    if (process.argv[2] === 'program') process.env.GIT_TRACE2_EVENT = value;
    const child = spawn('git', ['init', '-q', 'repo'], { env: { ...process.env, ...env }, stdio });
    const texts = ['', ''];
    for (const [at, stream] of [child.stdout, child.stderr].entries()) stream?.setEncoding('utf8').on('data', (text) => { texts[at] += text; });
    child.on('close', (code) => resolve({ code, stdout: kinds(texts[0]), stderr: kinds(texts[1]) }));
  });
  const forms = {
    'true, which is stderr': () => git('true'),
    'the number of stderr': () => git('2'),
    'a number of its own': async () => {
      const result = await git('5', ['ignore', 'pipe', 'pipe', 'ignore', 'ignore', openSync('events', 'w')]);
      return { ...result, events: kinds(readFileSync('events', 'utf8')) };
    },
    'a file': async () => ({ ...(await git(process.cwd() + '/events')), events: kinds(readFileSync('events', 'utf8')) }),
    'a folder': async () => {
      mkdirSync('folder');
      const result = await git(process.cwd() + '/folder');
      return { ...result, events: readdirSync('folder').map((name) => kinds(readFileSync('folder/' + name, 'utf8'))) };
    },
    ...Object.fromEntries(['af_unix:', 'af_unix:stream:'].map((scheme) => ['a socket by ' + scheme, async () => {
      let text = '';
      let ended;
      const all = new Promise((resolve) => { ended = resolve; });
      const server = createServer((socket) => socket.setEncoding('utf8').on('data', (more) => { text += more; }).on('end', ended));
      await new Promise((resolve) => server.listen('events.sock', resolve));
      const result = await git(scheme + process.cwd() + '/events.sock');
      await all;
      server.close();
      return { ...result, events: kinds(text) };
    }])),
    'a switch that is off': () => git('0'),
  };
  (async () => {
    for (const [at, [form, run]] of Object.entries(forms).entries()) {
      mkdirSync('form-' + at);
      process.chdir('form-' + at);
      console.log(JSON.stringify([form, await withTask(form, run)]));
      process.chdir('..');
    }
  })();`;

const FORMS = [
  'true, which is stderr',
  'the number of stderr',
  'a number of its own',
  'a file',
  'a folder',
  'a socket by af_unix:',
  'a socket by af_unix:stream:',
];
const OFF = 'a switch that is off';

describe.each([
  ['for one child', 'child'],
  ['in process.env, while the program runs', 'program'],
])('set %s', (_title, way) => {
  let twice: Twice;
  let spans: readonly SpanRow[];
  beforeAll(async () => {
    const sink = await startSink();
    const loadedEnv = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
    twice = await runTwice({ files: { 'app.cjs': program }, args: [way], env: patient, loadedEnv });
    await sink.close();
    spans = spansOf(sink);
  });

  const lineOf = (run: 'plain' | 'loaded', form: string): string | undefined =>
    twice[run].stdout.split('\n').find((line) => line.startsWith(JSON.stringify([form]).slice(0, -1)));

  test('the program ends the same and prints the same on stderr', () => {
    const { plain, loaded } = twice;
    expect({ ...loaded, ms: 0, stdout: '' }).toEqual({ ...plain, ms: 0, stdout: '' });
    expect(plain).toMatchObject({ code: 0, stderr: '' });
  });

  test.each([...FORMS, OFF])('%s', (form) => {
    expect(lineOf('plain', form)?.includes('"atexit"')).toBe(form !== OFF);
    expect(lineOf('loaded', form)).toBe(lineOf('plain', form));
    const ofForm = named(spans, 'git').filter((span) => ancestry(spans, span).at(-1) === `run_task ${form}`);
    expect(ofForm.map(({ attributes }) => attributes['process.exit.code'])).toEqual([0]);
  });
});
