/** A worker: does one task in the folder it was started in, and says how it went on its last line. */
import { endOnSignals } from './children.mjs';
import { commitAll } from './git.mjs';
import { converse } from './models.mjs';
import { tools, useTool } from './tools.mjs';

const { task, worker } = JSON.parse(process.argv[2]);
endOnSignals(() => {});
const who = { worker, task: task.id };

const text = await converse({
  vendor: task.vendor,
  model: task.model,
  system: 'You are an engineer in a small team. Use the tools, keep the tests green, say at the end what you did.',
  request: `Task ${task.kind}/${task.id}: ${task.goal}`,
  tools,
  useTool: (name, input) => useTool(process.cwd(), name, input),
  who,
});
await commitAll('.', `${task.kind}: ${task.id}`, who);
console.log(JSON.stringify({ summary: text }));
