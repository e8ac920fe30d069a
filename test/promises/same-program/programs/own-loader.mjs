// What an app gives to `--import`: a loader of its own that gives every file a first line.
import { registerHooks } from 'node:module';
registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith('plain.mjs')) return loaded;
    return { ...loaded, source: `console.log('loaded by a loader');\n${loaded.source}` };
  },
});
