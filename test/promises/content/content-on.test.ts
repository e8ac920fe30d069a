// Content leaves only when the environment asks for it; then it arrives where it belongs, and credentials still do not
// leave.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { freshFolder, runProgram, startModels, startSink } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';
import { escaped, hatch } from './canaries.ts';
import { runAlone } from './leaks.ts';
import { credentialPlaces, setStage, type Place } from './swarm.ts';

const CAPTURE = 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT';

/** Where each of these must be seen once content is on: the proof that the same search finds them. */
const ARRIVES: Readonly<Record<string, readonly Place[]>> = {
  'gen_ai.input.messages': ['prompt', 'toolResult', 'toolArgument'],
  'gen_ai.system_instructions': ['system'],
  'gen_ai.output.messages': ['answer', 'toolArgument'],
  'gen_ai.request.stop_sequences': ['stopWord'],
  'process.command_args': ['commandArgument', 'shellText', 'agentPrompt', 'exitMessage', 'execError'],
  'process.working_directory': ['folder'],
};

test('with content on the secrets arrive where they belong, and no credential does', async () => {
  const stage = await setStage();
  const { result, spans, exhibits } = await runAlone(stage, { [CAPTURE]: 'true' }).finally(() => stage.models.close());
  expect(result).toMatchObject({ code: 0, isTimedOut: false });
  const missing = Object.entries(ARRIVES).flatMap(([name, places]) => {
    const said = JSON.stringify(spans.map(({ attributes }) => attributes[name]));
    return places.filter((place) => !said.includes(stage.canaries[place])).map((place) => `${place} in ${name}`);
  });
  expect(missing).toEqual([]);
  const credentials = Object.fromEntries(credentialPlaces.map((place) => [place, stage.canaries[place]]));
  expect(escaped(credentials, exhibits)).toEqual([]);
});

const call = `
const http = require('node:http');
process.env.${CAPTURE} = 'true';
process.env.SWARMSCOPE_ENDPOINT = 'http://127.0.0.1:9';
const { hostname, port } = new URL(process.env.MODELS);
http.request({ hostname, port, path: '/v1/chat/completions', method: 'POST', headers: { 'content-type': 'application/json' } }, (answer) => answer.resume())
  .end(JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: process.env.PROMPT }] }));
`;

const settings = { captureContent: true, content: 'on', endpoint: 'http://127.0.0.1:9', [CAPTURE]: 'true' };
/** What an agent could write into the folder it works in. */
const FILES: Readonly<Record<string, string>> = {
  '.env': `${CAPTURE}=true\nSWARMSCOPE_ENDPOINT=http://127.0.0.1:9\n`,
  '.envrc': `export ${CAPTURE}=true\n`,
  '.swarmscoperc': JSON.stringify(settings),
  'swarmscope.config.json': JSON.stringify(settings),
  'otel.yaml': `${CAPTURE}: true\n`,
  '.config/swarmscope/config.json': JSON.stringify(settings),
  'node.config.json': JSON.stringify({ nodeOptions: {} }),
};

test('neither a file of the working tree nor the program itself can switch content on or change the endpoint', async () => {
  const folder = freshFolder('tree');
  for (const [name, text] of Object.entries({ ...FILES, 'package.json': JSON.stringify({ swarmscope: settings }), 'call.cjs': call })) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const birds = hatch(['prompt']);
  const [models, sink] = [await startModels(), await startSink()];
  const env = { MODELS: models.url, PROMPT: birds.prompt, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' };
  const { code } = await runProgram({ file: join(folder, 'call.cjs'), cwd: folder, env });
  await Promise.all([models.close(), sink.close()]);
  expect(code).toBe(0);
  expect(spansOf(sink).map(({ name }) => name)).toEqual(['chat gpt-4o']);
  expect(
    escaped(
      birds,
      sink.requests.map(({ path, body }) => ({ from: path, bytes: body })),
    ),
  ).toEqual([]);
});

test.each(['', 'false', '0', 'off', 'NO_CONTENT', 'EVENT_ONLY', 'yes please', 'TRUE ish'])(
  'the value "%s" leaves content off',
  async (value) => {
    const birds = hatch(['argument']);
    const sink = await startSink();
    const file = { 'child.cjs': `require('node:child_process').execFileSync('true', ['${birds.argument}'])` };
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, [CAPTURE]: value, SWARMSCOPE_EXIT_TIMEOUT: '10000' };
    expect(await runProgram({ files: file, env })).toMatchObject({ code: 0 });
    await sink.close();
    expect(spansOf(sink).map(({ name }) => name)).toEqual(['true']);
    expect(
      escaped(
        birds,
        sink.requests.map(({ path, body }) => ({ from: path, bytes: body })),
      ),
    ).toEqual([]);
  },
);

test("the user's own resource attributes leave unchanged, and headers and baggage do not leave", async () => {
  const birds = hatch(['resource', 'header', 'baggage', 'state']);
  const sink = await startSink();
  const file = { 'child.cjs': `require('node:child_process').execFileSync('true', [])` };
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_RESOURCE_ATTRIBUTES: `team.token=${birds.resource}`,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${birds.header}`,
    BAGGAGE: `user=${birds.baggage}`,
    TRACEPARENT: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    TRACESTATE: `vendor=${birds.state}`,
    SWARMSCOPE_EXIT_TIMEOUT: '10000',
  };
  expect(await runProgram({ files: file, env })).toMatchObject({ code: 0, stderr: '' });
  await sink.close();
  const sent = sink.requests.map(({ path, body }) => ({ from: path, bytes: body }));
  expect(sink.requests.every(({ headers }) => headers.authorization === `Bearer ${birds.header}`)).toBe(true);
  const { resource, ...others } = birds;
  expect(escaped({ resource }, sent)).not.toEqual([]);
  expect(escaped({ header: others.header, baggage: others.baggage }, sent)).toEqual([]);
});
