// A graph in CommonJS, whose node asks a model over the wire.
const { Annotation, END, START, StateGraph } = require('@langchain/langgraph');
const { ChatOpenAI } = require('@langchain/openai');

const model = new ChatOpenAI({ model: 'gpt-4o' });
const graph = new StateGraph(Annotation.Root({ answer: Annotation() }))
  .addNode('reply', async () => ({ answer: (await model.invoke('hello')).content }))
  .addEdge(START, 'reply')
  .addEdge('reply', END)
  .compile({ name: 'small' });
graph.invoke({ answer: '' }).then((state) => console.log(JSON.stringify(state)));
