// One agent in CommonJS, without trace processors of the app's.
const { Agent, run, setTraceProcessors } = require('@openai/agents');

// The library's own sends to OpenAI.
setTraceProcessors([]);
const agent = new Agent({ name: 'Small', model: 'gpt-4o', instructions: 'You answer.' });
run(agent, 'hello').then(({ finalOutput }) => console.log(finalOutput));
