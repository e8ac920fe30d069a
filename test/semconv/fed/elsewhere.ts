/** Live names that the programs of this folder cannot record for certain, who records them, and the file that shows it. */

export interface Elsewhere {
  readonly by: string;
  readonly file: string;
  /** What stands in the file: names, constants or values. */
  readonly words: readonly string[];
  /** Written as in names.ts. */
  readonly lines: readonly string[];
  /** It depends on the machine or on V8 whether it is recorded here as well. */
  readonly isByChance?: true;
}

const ofEmbeddings = ['duration', 'operation.input_tokens'].map((name) => `gen_ai.client.embeddings.${name}`);
const labels = 'gen_ai.operation.name gen_ai.provider.name gen_ai.request.model server.port gen_ai.response.model server.address'.split(
  ' ',
);
const withTier = [
  ...['duration', 'operation.input_tokens', 'operation.output_tokens'],
  ...['input_tokens', 'output_tokens', 'cache_read.input_tokens', 'cache_write.input_tokens', 'reasoning.output_tokens'].map(
    (name) => `usage.${name}`,
  ),
];

const ofServers =
  'http.request.method url.scheme http.response.status_code http.route error.type network.protocol.version server.address server.port url.path'.split(
    ' ',
  );

export const elsewhere: readonly Elsewhere[] = [
  {
    by: 'a server whose user asks for a span of each request',
    file: 'test/observers/http-server/frameworks.test.ts',
    words: ['http.request.method', 'url.scheme', 'http.response.status_code', 'http.route', 'network.protocol.version', 'url.path'],
    lines: ['span http.server', 'attribute network.protocol.version', ...ofServers.map((name) => `on http.server ${name}`)],
  },
  {
    by: 'a program whose user has tokens estimated',
    file: 'test/e2e/estimates.test.ts',
    words: ['swarmscope.usage.estimated.input_tokens', 'swarmscope.usage.estimated.output_tokens', 'swarmscope.cost.estimated'],
    lines: ['usage.estimated.input_tokens', 'usage.estimated.output_tokens', 'cost.estimated'].flatMap((name) => [
      `attribute swarmscope.${name}`,
      `on gen_ai.client.inference swarmscope.${name}`,
    ]),
  },
  {
    by: 'the gateway, which runs beside the programs of this folder',
    file: 'test/gateway/owners.test.ts',
    words: ['swarmscope.observer.name', 'process.pid'],
    lines: ['on gen_ai.client.inference swarmscope.observer.name', 'on gen_ai.client.inference process.pid'],
  },
  {
    by: 'the collector, from embeddings of other programs',
    file: 'test/stack/dialects.test.ts',
    words: ['gen_ai_client_embeddings_duration_seconds'],
    lines: [
      ...ofEmbeddings.flatMap((metric) => [`metric ${metric}`, ...labels.map((label) => `label ${metric} ${label}`)]),
      'label gen_ai.client.embeddings.duration error.type',
    ],
  },
  {
    by: 'the collector, where a span of another program has the attribute',
    file: 'otel-collector.yaml',
    words: ['openai.response.service_tier', 'gen_ai.invoke_agent.duration'],
    lines: [
      ...withTier.map((name) => `label gen_ai.client.inference.${name} openai.response.service_tier`),
      'label gen_ai.invoke_agent.duration gen_ai.request.model',
    ],
  },
  {
    by: 'the session files of the agents of a run',
    file: 'test/analysis/file-call.test.ts',
    words: ['swarmscope.agent.session.evidence', 'argument', 'child', 'file', 'folder', 'pid-file'],
    lines: [
      'attribute swarmscope.agent.session.evidence',
      ...['file', 'child', 'pid-file', 'argument', 'folder'].map((value) => `value swarmscope.agent.session.evidence ${value}`),
    ],
  },
  {
    by: 'the process tree of a run',
    file: 'test/processes/run.test.ts',
    words: ['swarmscope.process.observer', 'swarmscope.process.cpu.time', 'process_table', 'swarmscope.git.caller.kind'],
    lines: [
      ...[
        'observer',
        'cpu.time',
        'children.cpu.time',
        'cpu.system.time',
        'below.count',
        'memory.peak',
        'io.read',
        'io.written',
        'silent.time',
      ].flatMap((name) => [`attribute swarmscope.process.${name}`, `on cli.client swarmscope.process.${name}`]),
      ...['vcs.repository.name', 'swarmscope.git.worktree.name'].map((name) => `on cli.client ${name}`),
      'on gen_ai.invoke_workflow.internal swarmscope.process.children.cpu.time',
      'attribute swarmscope.git.caller.kind',
      'on swarmscope.git.client swarmscope.git.caller.kind',
      'value swarmscope.process.observer process_table',
    ],
  },
  {
    by: 'a process that goes on for a minute after whoever started it',
    file: 'test/processes/spans.test.ts',
    words: ['swarmscope.process.orphan.time', 'swarmscope.process.orphan.starter'],
    lines: ['time', 'starter'].flatMap((name) => [
      `attribute swarmscope.process.orphan.${name}`,
      `on cli.client swarmscope.process.orphan.${name}`,
    ]),
  },
  {
    by: 'the supervisor, where there is such a process',
    file: 'test/sdk/process-spans.test.ts',
    words: ['swarmscope.process.orphan.count', 'process.executable.name'],
    lines: ['metric swarmscope.process.orphan.count', 'label swarmscope.process.orphan.count process.executable.name'],
  },
  {
    by: 'an agent that gives no sign',
    file: 'test/processes/silence.test.ts',
    words: [
      ...['swarmscope.agent.silent.time', 'swarmscope.process.silent.time', 'silent.after', 'silent.reason'],
      ...['stopped', 'waits_for_child', 'connected', 'quiet', 'child'],
    ],
    lines: [
      ...['metric swarmscope.agent.silent.time', 'label swarmscope.agent.silent.time gen_ai.agent.name'],
      ...['after', 'reason', 'child'].flatMap((name) => [
        `attribute swarmscope.process.silent.${name}`,
        `on cli.client swarmscope.process.silent.${name}`,
      ]),
      ...['stopped', 'waits_for_child', 'connected', 'quiet'].map((reason) => `value swarmscope.process.silent.reason ${reason}`),
    ],
  },
  {
    by: 'a run in which something goes wrong while it goes on',
    file: 'test/e2e/findings.test.ts',
    words: [
      ...['id', 'kind', 'state', 'value', 'threshold'].map((name) => `swarmscope.finding.${name}`),
      ...[
        'hung_agent',
        'human_wait',
        'rate_limit',
        'overload',
        'tool_loop',
        'budget_burn',
        'merge_conflict',
        'orphan',
        'raised',
        'withdrawn',
      ],
    ],
    lines: [
      'event swarmscope.finding',
      ...['id', 'kind', 'state', 'value', 'threshold'].map((name) => `attribute swarmscope.finding.${name}`),
      ...['hung_agent', 'human_wait', 'rate_limit', 'overload', 'tool_loop', 'budget_burn', 'merge_conflict', 'orphan'].map(
        (kind) => `value swarmscope.finding.kind ${kind}`,
      ),
      ...['raised', 'withdrawn'].map((state) => `value swarmscope.finding.state ${state}`),
    ],
  },
  {
    by: 'a child process that tests, builds or serves models',
    file: 'test/programs/classify.test.ts',
    words: ["'test'", "'build'", "'model_server'"],
    lines: ['test', 'build', 'model_server'].map((kind) => `value swarmscope.process.executable.kind ${kind}`),
  },
  {
    by: 'git that an agent runs, which names its session and the call of its tool in the environment',
    file: 'test/root/git/folder.test.ts',
    words: ['ATTR_GEN_AI_CONVERSATION_ID', 'ATTR_GEN_AI_TOOL_CALL_ID'],
    lines: ['on swarmscope.git.client gen_ai.conversation.id', 'on swarmscope.git.client gen_ai.tool.call.id'],
  },
  {
    by: 'graphs of LangGraph',
    file: 'test/observers/frameworks/langchain.test.ts',
    words: ['swarmscope.task.triggers', 'swarmscope.task.checkpoint.namespace', 'swarmscope.handoff.source.name', 'gen_ai.conversation.id'],
    lines: [
      ...['task.triggers', 'task.checkpoint.namespace'].map((name) => `attribute swarmscope.${name}`),
      ...['triggers', 'checkpoint.namespace'].map((name) => `on swarmscope.task.internal swarmscope.task.${name}`),
      ...['source', 'target'].map((end) => `on gen_ai.execute_tool.internal swarmscope.handoff.${end}.name`),
      'on gen_ai.invoke_workflow.internal gen_ai.conversation.id',
    ],
  },
  {
    by: 'guardrails of OpenAI Agents',
    file: 'test/observers/frameworks/agents.test.ts',
    words: ['swarmscope.guardrail.triggered'],
    lines: ['attribute swarmscope.guardrail.triggered', 'on swarmscope.task.internal swarmscope.guardrail.triggered'],
  },
  {
    by: 'clients of the Model Context Protocol',
    file: 'test/observers/frameworks/mcp.test.ts',
    words: ['mcp.method.name'],
    lines: ['attribute mcp.method.name', 'on gen_ai.execute_tool.internal mcp.method.name'],
  },
  {
    by: 'a supervisor that a signal asks to read its config file again',
    file: 'test/e2e/policies.test.ts',
    words: ["'signal'"],
    lines: ['value swarmscope.policy.source signal'],
  },
  {
    by: 'a run that is interrupted',
    file: 'test/e2e/bad-input.test.ts',
    words: ['SIGINT x 1'],
    lines: ['on gen_ai.invoke_workflow.internal swarmscope.process.signal'],
  },
  {
    by: 'other programs, which name their events in an attribute',
    file: 'test/fixtures/dialects/codex.json',
    words: ['event.name'],
    lines: ['attribute event.name'],
  },
  {
    by: 'OpenTelemetry for the Node runtime, for what V8 chooses to do',
    file: 'node_modules/@opentelemetry/instrumentation-runtime-node/dist/metrics/gcCollector.mjs',
    words: ['major', 'minor', 'incremental', 'weakcb'],
    lines: ['major', 'minor', 'incremental', 'weakcb'].map((type) => `value v8js.gc.type ${type}`),
    isByChance: true,
  },
  {
    by: 'the metrics of the machine, where it has a disk and a network of its own and the process collects garbage',
    file: 'test/promises/metrics/host.test.ts',
    words: ['METRIC_SYSTEM_DISK_IO', 'METRIC_SYSTEM_NETWORK_IO', 'METRIC_SYSTEM_NETWORK_PACKET_DROPPED', 'METRIC_V8JS_GC_DURATION'],
    lines: [
      ...['attribute system.device.name', 'attribute network.interface.name', 'attribute network.io.direction', 'attribute v8js.gc.type'],
      ...['transmit', 'receive'].map((way) => `value network.io.direction ${way}`),
      ...['metric system.disk.io', 'label system.disk.io system.device.name', 'label system.disk.io disk.io.direction'],
      ...['io', 'packet.dropped'].flatMap((name) => [
        `metric system.network.${name}`,
        `label system.network.${name} network.interface.name`,
        `label system.network.${name} network.io.direction`,
      ]),
      ...['metric v8js.gc.duration', 'label v8js.gc.duration v8js.gc.type'],
    ],
    isByChance: true,
  },
];
