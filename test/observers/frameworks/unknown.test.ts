/** Versions of frameworks that nobody has seen: they run as they do, and `doctor` says what was missing. */
import { expect, test } from '@jest/globals';
import { api, patient } from '../../e2e/programs.ts';
import { commandFile, freshFolder, runProgram } from '../../harness/index.ts';

interface Row {
  readonly what: string;
  readonly observer: string;
  /** Below `node_modules`. */
  readonly file: string;
  readonly source: string;
  /** With all that the module exports as `library`; prints. */
  readonly use: string;
  readonly why: RegExp;
}

const ROWS: readonly Row[] = [
  {
    what: 'a LangChain without the class by which runs begin',
    observer: 'langchain',
    file: '@langchain/core/dist/callbacks/manager.js',
    source: 'export class Callbacks { begin() { return 1; } }',
    use: 'console.log(new library.Callbacks().begin())',
    why: /this version has no CallbackManager/,
  },
  {
    what: 'a LangChain whose class has another shape',
    observer: 'langchain',
    file: '@langchain/core/dist/callbacks/manager.js',
    source: 'export class CallbackManager { static configure() { return 1; } }',
    use: 'console.log(library.CallbackManager.configure())',
    why: /this version has no CallbackManager._configureSync/,
  },
  {
    what: 'a LangChain that gathers its handlers otherwise',
    observer: 'langchain',
    file: '@langchain/core/dist/callbacks/manager.js',
    source: 'export class CallbackManager { static _configureSync() { return { all: 1 }; } }',
    use: 'console.log(JSON.stringify([library.CallbackManager._configureSync(), library.CallbackManager._configureSync()]))',
    why: /TypeError/,
  },
  {
    what: 'OpenAI Agents without its provider',
    observer: 'openai-agents',
    file: '@openai/agents-core/dist/tracing/provider.mjs',
    source: 'export class Tracing { start() { return 1; } }',
    use: 'console.log(new library.Tracing().start())',
    why: /this version has no TraceProvider/,
  },
  {
    what: 'an AI SDK that publishes something else',
    observer: 'ai-sdk',
    file: 'ai/dist/index.js',
    source: `import { tracingChannel } from 'node:diagnostics_channel';
export const generateText = () => tracingChannel('ai:telemetry').start.runStores({ get type() { throw new Error('other'); } }, () => 1);`,
    use: 'console.log(library.generateText(), library.generateText())',
    why: /Error/,
  },
  {
    what: 'an SDK of the Model Context Protocol with another class',
    observer: 'mcp',
    file: '@modelcontextprotocol/sdk/dist/esm/shared/protocol.js',
    source: 'export class Protocol { send() { return 1; } }',
    use: 'console.log(new library.Protocol().send())',
    why: /this version has no Protocol.request/,
  },
  {
    what: 'a Claude Agent SDK that exports something else',
    observer: 'claude-agent-sdk',
    file: '@anthropic-ai/claude-agent-sdk/sdk.mjs',
    source: 'function query() { return 1; } export { query as ask };',
    use: 'console.log(library.ask())',
    why: /this version exports no query/,
  },
  {
    what: 'a Claude Agent SDK whose query is no iterable',
    observer: 'claude-agent-sdk',
    file: '@anthropic-ai/claude-agent-sdk/sdk.mjs',
    source: 'function q() { return { ask: () => 1 }; } export { q as query };',
    use: 'console.log(library.query({ prompt: "hello" }).ask())',
    why: /TypeError/,
  },
  {
    what: 'a Mastra that takes no exporter',
    observer: 'mastra',
    file: '@mastra/observability/dist/index.js',
    source: 'export class Observability { getSelectedInstance() { return { ask: () => 1 }; } }',
    use: 'console.log(new library.Observability().getSelectedInstance().ask())',
    why: /this version has no registerExporter/,
  },
  {
    what: 'a Mastra that describes its spans otherwise',
    observer: 'mastra',
    file: '@mastra/core/dist/chunk-ABC.js',
    source: 'function getOrCreateSpan() { return undefined; } const begin = () => getOrCreateSpan()?.id ?? 1; export { begin };',
    use: 'console.log(library.begin(), library.begin())',
    why: /TypeError/,
  },
  {
    what: 'a KaibanJS whose teams begin otherwise',
    observer: 'kaibanjs',
    file: 'kaibanjs/dist/bundle.mjs',
    source: 'class T { begin() { return 1; } } export{T as Team,T as Agent};',
    use: 'console.log(new library.Team().begin())',
    why: /this version has no (start|workOnTask)/,
  },
  {
    what: 'an AgentKit whose agents begin otherwise',
    observer: 'agent-kit',
    file: '@inngest/agent-kit/dist/chunk-ABC.js',
    source: 'var Agent = class { begin() { return 1; } }; export { Agent };',
    use: 'console.log(new library.Agent().begin())',
    why: /this version has no run/,
  },
  {
    what: 'a VoltAgent whose workflows cannot be changed',
    observer: 'voltagent',
    file: '@voltagent/core/dist/index.js',
    source: 'function createWorkflow() { return Object.freeze({ run: () => 1 }); } export { createWorkflow };',
    use: 'console.log(library.createWorkflow().run())',
    why: /TypeError/,
  },
];

test.each(ROWS)('$what is left alone', async ({ observer, file, source, use, why }) => {
  const main = `import { createRequire } from 'node:module';
import * as library from './node_modules/${file}';
createRequire(import.meta.url)(${api}).withTask('work', () => undefined);
${use};`;
  const files = { 'app/main.mjs': main, 'app/package.json': '{"type":"module"}', [`app/node_modules/${file}`]: source };
  const env = { ...patient, XDG_STATE_HOME: freshFolder('state'), OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
  const bare = await runProgram({ files, preload: 'none' });
  expect(bare).toMatchObject({ code: 0, stderr: '' });
  expect(await runProgram({ files, env })).toMatchObject({ code: 0, stderr: '', stdout: bare.stdout });
  const doctor = await runProgram({ preload: 'none', command: process.execPath, args: [commandFile, 'doctor', '--json', '-'], env });
  const line = new RegExp(`"${observer}":\\{"isOn":false,"why":"([^"]*)"`).exec(JSON.stringify(JSON.parse(doctor.stdout)));
  expect(line?.[1]).toMatch(why);
});
