/** Watches Mastra by an exporter for the observability that the app has set up; where it has none, by the spans that Mastra asks for. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'mastra';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'Mastra: workflows, steps, agents, tools',
  how: 'native',
  arm(context, lazy) {
    let watching: ReturnType<ReturnType<typeof lazy>['watch']> | undefined;
    const watch = () => (watching ??= lazy().watch(context));
    const missing = (binding: string) => () => context.fault(NAME, `this version has no ${binding}`);
    const [entry, current] = ['Observability', 'getCurrentSpan'];
    const ofEntry = /\/node_modules\/@mastra\/observability\/dist\/index\.c?js$/;
    const ofContext = /\/node_modules\/@mastra\/core\/dist\/observability\/context-storage\.c?js$/;
    subscribeModule({ name: `${NAME}.observability`, file: ofEntry, binding: entry, missing: missing(entry) }, (found) =>
      watch().observability(found),
    );
    subscribeModule({ name: `${NAME}.context`, file: ofContext, binding: current, missing: missing(current) }, (found) =>
      watch().currentSpan(found),
    );
    // In a file with a hash in its name: whether one of them declares it shows when it is used.
    const ofSpans = /\/node_modules\/@mastra\/core\/dist\/(?:utils|chunk)-[\w-]+\.c?js$/;
    subscribeModule({ name: `${NAME}.spans`, file: ofSpans, binding: 'getOrCreateSpan' }, (found) => watch().spanFactory(found));
  },
};
