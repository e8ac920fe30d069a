/** How a category is called and which letter stands for it, in the terminal and on the page. */
import type { Category } from './categories.ts';

export interface CategoryName {
  readonly letter: string;
  readonly label: string;
}

export const CATEGORY_NAMES: Readonly<Record<Category, CategoryName>> = {
  llm: { letter: 'L', label: 'LLM' },
  git: { letter: 'G', label: 'git' },
  tool: { letter: 'T', label: 'tool' },
  agent: { letter: 'A', label: 'agent (inside unseen)' },
  startup: { letter: 'S', label: 'process start-up' },
  shutdown: { letter: 'E', label: 'process end' },
  'wait:rate_limit': { letter: 'r', label: 'waiting: rate limit' },
  'wait:lock': { letter: 'k', label: 'waiting: lock' },
  'wait:human': { letter: 'h', label: 'waiting: human' },
  'wait:gpu': { letter: 'g', label: 'waiting: GPU' },
  'wait:dependency': { letter: 'd', label: 'waiting: dependency' },
  'wait:worker': { letter: 'w', label: 'waiting: worker' },
  'wait:barrier': { letter: 'b', label: 'waiting: barrier' },
  'wait:orchestrator': { letter: 'o', label: 'waiting: orchestrator' },
  'wait:unknown': { letter: 'u', label: 'waiting: unnamed' },
  other: { letter: '?', label: 'other' },
  unobserved: { letter: 'x', label: 'unobserved' },
  idle: { letter: '.', label: 'idle' },
};
