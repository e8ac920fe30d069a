/** Watches the Claude Agent SDK: each `query` is an agent, what its process and the functions of the program do hangs below it. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'claude-agent-sdk';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'Claude Agent SDK: queries as agents, sub-agents, tools',
  how: 'shadow',
  arm(context, lazy) {
    const file = /\/node_modules\/@anthropic-ai\/claude-agent-sdk\/sdk\.mjs$/;
    const missing = (): void => context.fault(NAME, 'this version exports no query');
    subscribeModule({ name: NAME, file, binding: 'export query', missing }, (exported) => lazy().watchedQuery(context, exported));
  },
};
