/** An agent that spends more than it was granted, and one that stops before. */
import { setTimeout as work } from 'node:timers/promises';
import OpenAI from 'openai';
import { budget, withAgent } from 'swarmscope';

const client = new OpenAI({ maxRetries: 0 });
const call = () => client.chat.completions.create({ model: 'gpt-4.1-nano', messages: [{ role: 'user', content: 'next step' }] });
const used = async () => (await call()).usage.total_tokens;
// What one call takes is known after the first one, which nobody pays for.
const tokens = await used();
budget({ name: 'all', tokens: 100 * tokens, usd: 1_000, seconds: 100_000 });
budget({ name: 'spender', parent: 'all', agent: 'spender', tokens: 2 * tokens });
budget({ name: 'saver', parent: 'all', agent: 'saver', tokens: 10 * tokens });
for (let calls = 0; calls < 3; calls++) await withAgent('spender', call);
for (let calls = 0; calls < 9; calls++) await withAgent('saver', call);
for (;;) await work(1000);
