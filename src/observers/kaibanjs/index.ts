/** Watches KaibanJS: teams are workflows, their tasks are tasks, and who works on one is an agent. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'kaibanjs';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'KaibanJS: teams, tasks, agents',
  how: 'shadow',
  arm(context, lazy) {
    let watching: ReturnType<ReturnType<typeof lazy>['watch']> | undefined;
    const watch = () => (watching ??= lazy().watch(context));
    const file = /\/node_modules\/kaibanjs\/dist\/bundle\.(?:mjs|cjs)$/;
    for (const name of ['Team', 'Agent'] as const) {
      const missing = (): void => context.fault(NAME, `this version exports no ${name}`);
      subscribeModule({ name: `${NAME}.${name}`, file, binding: `export ${name}`, missing }, (found) => watch()[name](found));
    }
  },
};
