/** Watches the SDKs of the Model Context Protocol: a client's tool calls, and what a server does for the span that it is told of. */
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Observer } from '../observer.ts';

const NAME = 'mcp';
const CLASS = 'Protocol';
/** Version 1 is one package; the file of version 2 has a hash in its name, in the package of the client and in that of the server. */
const FILES = {
  v1: /\/node_modules\/@modelcontextprotocol\/sdk\/dist\/(?:cjs|esm)\/shared\/protocol\.js$/,
  v2: /\/node_modules\/@modelcontextprotocol\/(?:client|server)\/dist\/src-[\w-]+\.[cm]js$/,
};

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'SDKs of the Model Context Protocol, 1 and 2: tool calls of clients, what servers do for them',
  how: 'shadow',
  arm(context, lazy) {
    for (const [version, file] of Object.entries(FILES)) {
      const missing = (): void => context.fault(NAME, `this version has no ${CLASS}`);
      subscribeModule({ name: `${NAME}.${version}`, file, binding: CLASS, missing }, (found) => lazy().watchProtocol(context, found));
    }
  },
};
