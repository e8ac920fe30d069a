/** Watches OpenAI Agents by a trace processor of its own kind: workflows, runs, agents, turns, tools, hand-overs, guardrails. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'openai-agents';

const fileOf = (name: string): RegExp => new RegExp(`/node_modules/@openai/agents-core/dist/tracing/${name}\\.m?js$`);

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'OpenAI Agents: workflows, runs, agents, turns, tools, hand-overs, guardrails',
  how: 'native',
  arm(context, lazy) {
    let watching: ReturnType<ReturnType<typeof lazy>['watch']> | undefined;
    const watch = () => (watching ??= lazy().watch(context));
    const missing = (binding: string) => () => context.fault(NAME, `this version has no ${binding}`);
    const [provider, current] = ['TraceProvider', 'getCurrentSpan'];
    subscribeModule({ name: `${NAME}.provider`, file: fileOf('provider'), binding: provider, missing: missing(provider) }, (found) =>
      watch().provider(found),
    );
    subscribeModule({ name: `${NAME}.context`, file: fileOf('context'), binding: current, missing: missing(current) }, (found) =>
      watch().currentSpan(found),
    );
  },
};
