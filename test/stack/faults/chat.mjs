/** Agents that call a model again and again; which model, and so how it answers, is the first argument. */
import { setTimeout as work } from 'node:timers/promises';
import OpenAI from 'openai';

const [model = 'gpt-4o-mini', everyMs = '250', workers = '1'] = process.argv.slice(2);
// As long as the server says to wait, so often that a storm of refusals ends no call.
const client = new OpenAI({ maxRetries: model === 'gpt-4.1' ? 20 : 0 });

async function agent() {
  for (;;) {
    await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'next step' }] }).catch(() => {});
    await work(Number(everyMs));
  }
}
for (let worker = 0; worker < Number(workers); worker++) void agent();
