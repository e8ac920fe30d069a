/** What the messages of a query tell: its conversation, how it ended and, where its process tells nothing, tools and sub-agents. */
import type { Activity, AgentProcess, Recorder } from '../../recording/types.ts';
import { ATTR_GEN_AI_CONVERSATION_ID, ATTR_SWARMSCOPE_AGENT_INSTANCE_ID, ATTR_SWARMSCOPE_TOOL_INFERRED } from '../../semconv/index.ts';

/** Tools and sub-agents that are open at once; protects memory from a session that never tells an end. */
const MAX_OPEN = 1_000;
const OTHER_ERROR = '_OTHER';
/** `mcp__{server}__{tool}`. */
const MCP_TOOL = /^mcp__.+?__(?=.)/;

type Facts = Readonly<Record<string, unknown>>;

export interface MessagesOptions {
  readonly recorder: Recorder;
  /** Of the query. */
  readonly activity: Activity;
  /** Its process has no telemetry that tells its tools and sub-agents. */
  readonly isSilent: boolean;
  readonly process: Pick<AgentProcess, 'isNode'>;
}

export class Messages {
  readonly #options: MessagesOptions;
  /** By the id of the tool call; a sub-agent by that of the tool that asked for it. */
  readonly #tools = new Map<string, Activity>();
  readonly #agents = new Map<string, { readonly activity: Activity; readonly isBackground: boolean }>();
  #errorType: string | undefined;

  constructor(options: MessagesOptions) {
    this.#options = options;
  }

  /** Of the last result: a session may go on after one that failed. */
  get errorType(): string | undefined {
    return this.#errorType;
  }

  read(value: unknown): void {
    const message = factsIn(value);
    const { type, subtype, session_id: session } = message;
    if (type === 'system' && subtype === 'init') this.#options.activity.set({ [ATTR_GEN_AI_CONVERSATION_ID]: textIn(session) });
    if (type === 'result') this.#errorType = errorIn(message);
    if (!this.#options.isSilent) return;
    if (type === 'assistant') for (const block of blocksIn(message)) this.#startTool(block, message);
    if (type === 'user') for (const block of blocksIn(message)) this.#endTool(block);
    if (type === 'system' && subtype === 'task_started') this.#startAgent(message);
    if (type === 'system' && subtype === 'task_notification')
      this.#endAgent(textIn(message['tool_use_id']), message['status'] === 'failed');
  }

  /** Ends what is open. */
  close(): void {
    for (const { activity } of this.#agents.values()) activity.end();
    for (const activity of this.#tools.values()) activity.end();
    this.#agents.clear();
    this.#tools.clear();
  }

  #startTool(block: Facts, message: Facts): void {
    const [id, name] = [textIn(block['id']), textIn(block['name'])];
    if (block['type'] !== 'tool_use' || id === undefined || name === undefined || this.#tools.size >= MAX_OPEN) return;
    const { recorder, activity, process } = this.#options;
    // Of a program for Node (before 0.2.113) the wire tells the tools that its model asked for.
    if (process.isNode === true) return;
    const above = this.#agents.get(textIn(message['parent_tool_use_id']) ?? '')?.activity ?? activity;
    const tool = recorder.startTool({
      name: name.replace(MCP_TOOL, ''),
      callId: id,
      toolType: 'function',
      arguments: block['input'],
      frame: above.frame,
      attributes: { [ATTR_SWARMSCOPE_TOOL_INFERRED]: true },
    });
    this.#tools.set(id, tool);
  }

  #endTool({ type, tool_use_id: given, is_error: isError, content }: Facts): void {
    const id = textIn(given);
    if (type !== 'tool_result' || id === undefined) return;
    // That of a sub-agent in the background comes at once.
    if (this.#agents.get(id)?.isBackground === false) this.#endAgent(id, isError === true);
    this.#tools.get(id)?.end({
      errorType: isError === true ? OTHER_ERROR : undefined,
      attributes: this.#options.recorder.toolFacts({ result: content }),
    });
    this.#tools.delete(id);
  }

  #startAgent(message: Facts): void {
    const [id, name] = [textIn(message['tool_use_id']), textIn(message['subagent_type'])];
    if (id === undefined || name === undefined || this.#agents.size >= MAX_OPEN || this.#agents.has(id)) return;
    const { recorder, activity } = this.#options;
    const above = this.#tools.get(id) ?? activity;
    const attributes = { [ATTR_SWARMSCOPE_AGENT_INSTANCE_ID]: textIn(message['task_id']) };
    const agent = recorder.within(above.frame, () => recorder.startAgent(name, attributes, { isStarted: true, ended: () => undefined }));
    this.#agents.set(id, { activity: agent, isBackground: message['is_backgrounded'] === true });
  }

  #endAgent(id: string | undefined, isError: boolean): void {
    this.#agents.get(id ?? '')?.activity.end({ errorType: isError ? OTHER_ERROR : undefined });
    this.#agents.delete(id ?? '');
  }
}

/** `success` with `is_error` is a service that failed. */
function errorIn({ is_error: isError, subtype, api_error_status: status }: Facts): string | undefined {
  if (isError !== true && subtype === 'success') return undefined;
  if (subtype !== 'success') return textIn(subtype) ?? OTHER_ERROR;
  return typeof status === 'number' ? String(status) : OTHER_ERROR;
}

function blocksIn({ message }: Facts): Facts[] {
  const { content } = factsIn(message);
  return Array.isArray(content) ? content.map(factsIn) : [];
}

function factsIn(value: unknown): Facts {
  return typeof value === 'object' && value !== null ? (value as Facts) : {};
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
