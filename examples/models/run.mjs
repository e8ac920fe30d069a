/**
 * Runs a command against models on this machine: `node run.mjs COMMAND [ARGUMENT...]`. The server speaks OpenAI's and
 * Anthropic's protocols and ends with the command; no key and no network are needed.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { LLMock } from '@copilotkit/aimock';

const usage = { prompt_tokens: 700, completion_tokens: 30, input_tokens: 700, output_tokens: 30 };
/** A model thinks for so long, whether it streams or not. */
const thinkingMs = 800;
const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  console.error('usage: node run.mjs COMMAND [ARGUMENT...]');
  process.exit(2);
}
const server = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent' });
server.on({ predicate: () => true }, async (request) => {
  await setTimeout(thinkingMs);
  return answer(request);
});
await server.start();

/** Whoever may run programs is asked to commit a file first; then, and to everybody else, the answer is a sentence. */
function answer({ messages, tools = [] }) {
  const hasShell = tools.some((tool) => tool.function.name === 'Bash');
  if (!hasShell || messages.some(({ role }) => role === 'tool')) return { content: 'This part of the shop is done.', usage };
  const [, name = 'work'] = /Task (\w+):/.exec(JSON.stringify(messages)) ?? [];
  const script = `echo "${name}" > ${name}.txt && git add ${name}.txt && git commit -q -m "Add ${name}"`;
  return {
    content: 'I write the file and commit it.',
    toolCalls: [{ id: `toolu_${name}`, name: 'Bash', arguments: JSON.stringify({ command: script, description: 'Writes and commits' }) }],
    usage,
  };
}

const child = spawn(command, args, {
  stdio: 'inherit',
  env: {
    ...process.env,
    OPENAI_BASE_URL: `${server.url}/v1`,
    OPENAI_API_KEY: 'none',
    ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_API_KEY: 'none',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
  },
});
// A terminal sends these to the command as well, which decides what they mean.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(error.message);
  process.exit(127);
});
child.on('close', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
