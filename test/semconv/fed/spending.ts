/** A program that declares budgets of every kind, spends them, promises more than there is, and tells what it chose. */
import { api } from '../../e2e/programs.ts';
import type { Models } from '../../harness/index.ts';
import type { FedProgram } from './programs.ts';

const text = `
const { allocate, budget, decision, handoff, route, withAgent } = require(${api});
budget({ name: 'all', tokens: 1, usd: 0.000001, seconds: 0.000001 });
budget({ name: 'writers', parent: 'all', agent: 'writer', tokens: 1000 });
allocate({ budget: 'all', usd: 5, seconds: 5 });
decision({ component: 'planner', chosen: 'cart', alternatives: ['stock'] });
handoff({ from: 'planner', to: 'writer' });
route({ tier: 'small', model: 'gpt-4o-mini', outcome: 'fallback', reason: 'short', complexity: 0.5 });
route({ tier: 'small', model: 'gpt-4o-mini' });
route({ tier: 'large', model: 'gpt-4o', outcome: 'rejected' });
const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'cached' }] });
void withAgent('writer', async () => (await fetch(process.env.OPENAI_BASE_URL + '/chat/completions', { method: 'POST', body })).text());
`;

export const spending = ({ env }: Models): FedProgram => ({
  title: 'budgets',
  way: 'with the preload alone',
  options: { files: { 'main.cjs': text }, env: { ...env, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' } },
});
