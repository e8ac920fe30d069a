// A real program whose commands, tools, errors and names hold credentials: with content on, none of them leaves.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { dist, runProgram, startModels, startSink } from '../../harness/index.ts';
import { logsOf, spansOf } from '../../harness/received.ts';

const SECRET = 'hunter2hunter2';
/** Commands of the corpus of texts that stand on one line. */
const commands = readFileSync(join(import.meta.dirname, '../../semconv/credentials/texts.txt'), 'utf8')
  .split('\n')
  .flatMap((line) => (line.startsWith('# ') || !line.includes('§') ? [] : [line.split(' ⇒ ')[0]?.replaceAll('§', SECRET) ?? '']));

const program = `
const { execFileSync, spawnSync } = require('node:child_process');
const { withAgent, withTask, withTool } = require(${JSON.stringify(join(dist, 'index.cjs'))});
const commands = JSON.parse(process.env.COMMANDS);
(async () => {
  await withTask('t', async () => {
    // \`true\` takes whatever it is given: as words, and as the text of a shell that does not run it.
    for (const command of commands) {
      execFileSync('true', command.split(' ').slice(0, 1).concat(['sh', '-c', command]));
      spawnSync('sh', ['-c', 'exit 0; ' + command]);
    }
    execFileSync('true', ['--openai-key', '${SECRET}', '-H', 'X-Mine: ${SECRET}', 'TOKEN=${SECRET} x', '-u', 'me:${SECRET}']);
    const messages = commands.slice(0, 100).map((content) => ({ role: 'user', content }));
    const body = JSON.stringify({ model: 'gpt-4o', messages });
    await fetch(process.env.MODELS + '/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body }).then((answer) => answer.text());
    await withTool('failing', async () => { throw new Error('Command failed: curl -H X-Auth-Token: ${SECRET} u'); }).catch(() => undefined);
    await withAgent('token=${SECRET}', async () => undefined);
    spawnSync('git', ['clone', '--origin', 'ghp_${SECRET}', 'https://me:${SECRET}@127.0.0.1:9/x.git', 'token=${SECRET}']);
    spawnSync('git', ['-c', 'http.extraHeader=X-Mine: ${SECRET}', 'push', 'https://${SECRET}@127.0.0.1:9/x.git', 'HEAD']);
    spawnSync('git', ['-c', 'alias.x=!echo --token ${SECRET}', 'x', '--token', '${SECRET}']);
  });
})();
`;

test.each(['true', ''])('content "%s": no credential is in what is sent', async (content) => {
  const [models, sink] = [await startModels(), await startSink()];
  const env = {
    MODELS: models.url,
    COMMANDS: JSON.stringify(commands),
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: content,
    SWARMSCOPE_EXIT_TIMEOUT: '20000',
  };
  const result = await runProgram({ files: { 'main.cjs': program }, env });
  await Promise.all([models.close(), sink.close()]);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  const spans = spansOf(sink);
  expect(spans.length).toBeGreaterThan(2 * commands.length);
  const told = JSON.stringify([spans, logsOf(sink)])
    .split('"')
    .filter((word) => word.includes(SECRET));
  expect(told).toEqual([]);
  // What was recorded is no blank: the commands are there, without what they must not say.
  const said = JSON.stringify(spans.map(({ attributes }) => [attributes['process.command_args'], attributes['gen_ai.input.messages']]));
  expect([said.includes('***'), said.includes('https://***@host')]).toEqual(content === '' ? [false, false] : [true, true]);
});
