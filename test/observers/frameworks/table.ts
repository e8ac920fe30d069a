/** Frameworks for agents that are watched: what their tests install and what docs/frameworks.md says of each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FrameworkRow {
  readonly library: string;
  /** Folders of `projects/` that install it, newest first. */
  readonly projects: readonly string[];
  /** What becomes a span. */
  readonly seen: string;
  /** By which of its own hook points. */
  readonly by: string;
  /** What is not seen, or otherwise. */
  readonly limits?: string;
}

const LANGGRAPH: FrameworkRow = {
  library: '@langchain/langgraph',
  projects: ['langgraph', 'langgraph-0'],
  seen: 'a graph is `invoke_workflow`, `createAgent` and `createReactAgent` with a name, and a named graph in a node, are `invoke_agent`; a superstep is `run_batch`, a node `run_task`; an interrupt is `wait human` until its thread goes on',
  by: "LangChain's callbacks",
  limits: 'a breakpoint (`interruptBefore`, `interruptAfter`) is no wait; nodes that LangGraph adds itself are looked through',
};

const LANGCHAIN: FrameworkRow = {
  library: '@langchain/core',
  projects: ['langgraph', 'langgraph-0'],
  seen: 'a tool is `execute_tool`, a chain with a `runName` is `invoke_workflow`',
  by: "LangChain's callbacks",
  limits: 'chains without a name, prompts, parsers and retrievers are looked through',
};

const OPENAI_AGENTS: FrameworkRow = {
  library: '@openai/agents',
  projects: ['agents', 'agents-0.8'],
  seen: 'a trace is `invoke_workflow`, a run and a turn are `run_task`, an agent is `invoke_agent`, a function `execute_tool`, a hand-over `execute_tool transfer_to_{agent}` with both names, a guardrail `run_task {its name}`',
  by: 'a trace processor',
  limits:
    'nothing but the calls of its models where tracing is disabled (`OPENAI_AGENTS_DISABLE_TRACING`, `NODE_ENV=test`): they hang below what the program runs; runs and turns are told by new versions only',
};

const CLAUDE_AGENT_SDK: FrameworkRow = {
  library: '@anthropic-ai/claude-agent-sdk',
  projects: ['claude-agent-sdk', 'claude-agent-sdk-0.2'],
  seen: 'a `query` is `invoke_agent`, named by its option `agent`, else `claude`; its process, what that tells itself, and what the program does for it (tools of its own, hooks, permissions) hang below it; where the process tells nothing, a tool is `execute_tool` and a sub-agent `invoke_agent` with its name',
  by: 'the function `query` and the messages that it gives',
  limits:
    'the calls of its models are told by its process: under `swarmscope run`, or with `SWARMSCOPE_AGENTS=on`, up to 0.2.112 always, since it is a program for Node, where a sub-agent has no span of its own; there a sub-agent is its `execute_tool Agent`, with its calls below it; an agent of `startup` or `prewarm` is that of its process; in a bundle it is that of its process',
};

const AI: FrameworkRow = {
  library: 'ai',
  projects: ['ai', 'ai-6', 'ai-5'],
  seen: 'a loop of `generateText` or `streamText` with tools is `invoke_agent`, named by the agent (`ToolLoopAgent`), else by `functionId`, else by the function; a tool is `execute_tool`',
  by: 'its diagnostics channel (7, also in a bundle); its option for a tracer (5 and 6)',
  limits:
    'a call without tools and without a name is the call of the model alone; nothing where `telemetry.isEnabled` is false, and in 5 and 6 where the app sets it; a stream that is left without being aborted ends with the process',
};

const MASTRA: FrameworkRow = {
  library: '@mastra/core',
  projects: ['mastra'],
  seen: 'a workflow is `invoke_workflow`, a step `run_task`, steps side by side are `run_batch`, an agent is `invoke_agent`, a tool `execute_tool`',
  by: 'an exporter of its observability (`@mastra/observability`); without one, the spans that Mastra asks for',
  limits:
    'what the configuration of an `Observability` leaves out (`sampling`, `excludeSpanTypes`, `spanFilter`) is looked through, as are conditions, loops, memory and processors; of Mastra 0 its own spans of OpenTelemetry are seen, as they are',
};

const VOLTAGENT: FrameworkRow = {
  library: '@voltagent/core',
  projects: ['voltagent', 'voltagent-1'],
  seen: 'an agent is `invoke_agent`, also one that a supervisor delegates to; a tool is `execute_tool`, a workflow `invoke_workflow`',
  by: 'the observer of the AI SDK, on which its agents are built; `createWorkflow`',
  limits: 'the steps of a workflow are looked through; its own spans stay with its own exporters',
};

const KAIBANJS: FrameworkRow = {
  library: 'kaibanjs',
  projects: ['kaibanjs', 'kaibanjs-0.22'],
  seen: 'a team is `invoke_workflow`, a task `run_task {its title}`, the agent that works on it `invoke_agent`',
  by: 'the methods `start` of a team and `workOnTask` of an agent',
  limits:
    'its tools are seen where they are tools of an installed `@langchain/core`, else by the calls of its model; the bundle for browsers is not watched',
};

const AGENT_KIT: FrameworkRow = {
  library: '@inngest/agent-kit',
  projects: ['agent-kit', 'agent-kit-0.9'],
  seen: 'a network is `invoke_workflow`, the run of an agent `invoke_agent`, a tool `execute_tool`',
  by: 'the method `run` of a network and of an agent, and the handlers of its tools',
  limits:
    'inside of an Inngest function its server calls the model and runs the function again from its start, once for each step: that needs the server and is not run here',
};

const MCP_PROMISE =
  'a tool call of a client is `execute_tool`; what a server does for it, in this process or in one that has the preload, hangs below it';
const MCP_BY = 'the method that sends a request and the one that handles it';
const MCP_LIMITS =
  '`params._meta` of the request gains `traceparent`, as the specification has it, unless `OTEL_PROPAGATORS` is `none`: then what a server does hangs below its process, and in another process is a trace of its own; inside of a tool that a framework tells the call is that tool; lists, prompts and resources are not seen';

const MCP_1: FrameworkRow = { library: '@modelcontextprotocol/sdk', projects: ['mcp'], seen: MCP_PROMISE, by: MCP_BY, limits: MCP_LIMITS };
const MCP_2: FrameworkRow = {
  library: '@modelcontextprotocol/client',
  projects: ['mcp'],
  seen: 'the same, with `@modelcontextprotocol/server`',
  by: MCP_BY,
  limits: MCP_LIMITS,
};

export const TABLE: readonly FrameworkRow[] = [
  LANGGRAPH,
  LANGCHAIN,
  OPENAI_AGENTS,
  CLAUDE_AGENT_SDK,
  AI,
  MASTRA,
  VOLTAGENT,
  KAIBANJS,
  AGENT_KIT,
  MCP_1,
  MCP_2,
];

/** The versions that are installed, by the projects' own package.json. */
export function versionsOf({ library, projects }: FrameworkRow): string[] {
  return projects.map((project) => {
    const text = readFileSync(join(import.meta.dirname, 'projects', project, 'package.json'), 'utf8');
    const version = (JSON.parse(text) as { dependencies: Record<string, string> }).dependencies[library];
    if (version === undefined) throw new Error(`${project} does not install ${library}`);
    return version;
  });
}
