/** Watches Inngest's AgentKit: networks are workflows, runs of agents are agents, and their tools are tools. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'agent-kit';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: "Inngest's AgentKit: networks, agents, tools",
  how: 'shadow',
  arm(context, lazy) {
    let watching: ReturnType<ReturnType<typeof lazy>['watch']> | undefined;
    const watch = () => (watching ??= lazy().watch(context));
    // Its classes are in a file with a hash in its name.
    const file = /\/node_modules\/@inngest\/agent-kit\/dist\/(?:chunk-[\w-]+\.js|index\.cjs)$/;
    for (const binding of ['Agent', 'Network'] as const)
      subscribeModule({ name: `${NAME}.${binding}`, file, binding }, (found) => watch()[binding](found));
  },
};
