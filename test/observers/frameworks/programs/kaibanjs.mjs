// A team of KaibanJS as its README has it: three tasks, the last two side by side.
import { Agent, Task, Team } from 'kaibanjs';

const llmConfig = { provider: 'openai', model: 'gpt-4o', apiKey: 'test', apiBaseUrl: process.env.OPENAI_BASE_URL };
const [ada, bob, eve] = ['Ada', 'Bob', 'Eve'].map(
  (name) => new Agent({ name, role: 'writer', goal: 'write', background: 'none', llmConfig, maxIterations: 3 }),
);
const more = { expectedOutput: 'a text', dependencies: ['plan'], allowParallelExecution: true };
const tasks = [
  new Task({ referenceId: 'plan', title: 'Plan', description: 'make a plan', expectedOutput: 'a plan', agent: ada }),
  new Task({ title: 'First part', description: 'write part', agent: bob, ...more }),
  new Task({ title: 'Second part', description: 'write part', agent: eve, ...more }),
];
const team = new Team({ name: 'Essay team', agents: [ada, bob, eve], tasks, logLevel: 'error' });
const { status, result } = await team.start({});
console.log(status, result);
