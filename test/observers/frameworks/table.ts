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
  seen: 'a graph is `invoke_workflow`, `createReactAgent` with a name and a named graph in a node are `invoke_agent`; a superstep is `run_batch`, a node `run_task`; an interrupt is `wait human` until its thread goes on',
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

export const TABLE: readonly FrameworkRow[] = [LANGGRAPH, LANGCHAIN];

/** The versions that are installed, by the projects' own package.json. */
export function versionsOf({ library, projects }: FrameworkRow): string[] {
  return projects.map((project) => {
    const text = readFileSync(join(import.meta.dirname, 'projects', project, 'package.json'), 'utf8');
    const version = (JSON.parse(text) as { dependencies: Record<string, string> }).dependencies[library];
    if (version === undefined) throw new Error(`${project} does not install ${library}`);
    return version;
  });
}
