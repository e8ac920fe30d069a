/** What is watched, as pure data: for `doctor`, the documentation and the switch `SWARMSCOPE_OBSERVERS_OFF`. */
export interface CatalogueEntry {
  readonly name: string;
  readonly watches: string;
  /** How: in the order of choice of the design. */
  readonly road: 'native' | 'channel' | 'shadow' | 'trace2';
}

export const catalogue: readonly CatalogueEntry[] = [
  { name: 'child-process', watches: 'child processes, agent CLIs among them', road: 'channel' },
  { name: 'llm-wire', watches: 'LLM calls: OpenAI chat completions and Anthropic messages, by any SDK or fetch', road: 'channel' },
  {
    name: 'otel-api',
    watches: 'spans that libraries make through @opentelemetry/api, in apps without an SDK of their own',
    road: 'native',
  },
  { name: 'p-queue', watches: 'p-queue 6 to 10: tasks, queues, batches', road: 'shadow' },
  { name: 'git', watches: 'every git command of this process and its descendants', road: 'trace2' },
];
