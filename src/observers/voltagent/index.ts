/** Watches the workflows of VoltAgent; its agents are loops of the AI SDK, which are watched there. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'voltagent';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'VoltAgent: workflows',
  how: 'shadow',
  arm(context, lazy) {
    const file = /\/node_modules\/@voltagent\/core\/dist\/index\.m?js$/;
    subscribeModule({ name: NAME, file, binding: 'createWorkflow' }, (found) => lazy().watchedFactory(context, found));
  },
};
