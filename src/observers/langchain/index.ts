/** Watches LangChain and LangGraph through LangChain's callbacks: graphs, supersteps, nodes, agents, tools, interrupts. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'langchain';

/** Each class is there twice, as CommonJS and as an ES module. */
const coreFile = (name: string): RegExp => new RegExp(`/node_modules/@langchain/core/dist/${name}\\.c?js$`);

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'LangChain and LangGraph (@langchain/core 0.3 and 1): graphs, supersteps, nodes, agents, tools, interrupts',
  how: 'native',
  arm(context, lazy) {
    let watching: ReturnType<ReturnType<typeof lazy>['watch']> | undefined;
    const watch = () => (watching ??= lazy().watch(context));
    const places = [
      { file: coreFile('callbacks/manager'), binding: 'CallbackManager', tell: (found: unknown) => watch().callbacks(found) },
      {
        file: coreFile('singletons/async_local_storage/index'),
        binding: 'AsyncLocalStorageProvider',
        tell: (found: unknown) => watch().storage(found),
      },
      { file: coreFile('language_models/chat_models'), binding: 'BaseChatModel', tell: (found: unknown) => watch().model(found) },
      { file: coreFile('tools/index'), binding: 'StructuredTool', tell: (found: unknown) => watch().tool(found) },
      {
        file: /\/node_modules\/@langchain\/langgraph\/dist\/pregel\/index\.c?js$/,
        binding: 'Pregel',
        tell: (found: unknown) => watch().graph(found),
      },
      {
        file: /\/node_modules\/langchain\/dist\/agents\/index\.c?js$/,
        binding: 'createAgent',
        tell: (found: unknown) => watch().agentMaker(found),
        // Before version 1 there were none of it.
        isOptional: true,
      },
      {
        file: /\/node_modules\/@langchain\/langgraph\/dist\/prebuilt\/react_agent_executor\.c?js$/,
        binding: 'createReactAgent',
        tell: (found: unknown) => watch().agentMaker(found),
      },
    ];
    for (const { file, binding, tell, isOptional = false } of places) {
      subscribeModule(
        { name: `${NAME}.${binding}`, file, binding, missing: () => isOptional || context.fault(NAME, `this version has no ${binding}`) },
        tell,
      );
    }
  },
};
