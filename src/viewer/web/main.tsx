/** The page of the local view: finds its data, then shows what the address names. */
import { effect } from '@preact/signals';
import { render } from 'preact';
import type { FileElementId } from '../wire.ts';
import { listenToKeys } from './keys.ts';
import { followRuns } from './live.ts';
import { Board } from './parts/board.tsx';
import { second } from './parts/needs.tsx';
import { fileSource, serverSource } from './source.ts';
import { failure, facts, go, isLive, model, readAddress, source } from './state.ts';
import { followTheme } from './theme.ts';
import { parseRoute, PLAIN_VIEW, takeToken } from './url.ts';

const TOKEN_KEY = 'swarmscope-token';
const fileElement: FileElementId = 'swarmscope-data';

/** The token leaves the address at once, so that no history, link or picture of the screen has it. */
function tokenOfTab(): string | undefined {
  const { token, rest } = takeToken(location.hash);
  try {
    if (token === undefined) return sessionStorage.getItem(TOKEN_KEY) ?? undefined;
    history.replaceState(null, '', `${location.pathname}${rest}`);
    sessionStorage.setItem(TOKEN_KEY, token);
  } catch {
    // SecurityError: storage is switched off; a reload then needs the printed address again.
  }
  return token;
}

const ICONS = { yes: '#2e8b57', look: '#c98a00', no: '#c01c28' } as const;

/** The tab says what the first tile says. */
function tellTab(): void {
  const link = document.createElement('link');
  link.rel = 'icon';
  document.head.append(link);
  effect(() => {
    void facts.value;
    const run = model.value;
    const word = run?.verdict.word;
    document.title = [
      word === undefined || !isLive.value ? '' : { yes: 'OK', look: 'Look', no: 'No' }[word],
      run?.run.name ?? '',
      'swarmscope',
    ]
      .filter((part) => part !== '')
      .join(' · ')
      .slice(0, 200);
    const colour = ICONS[word ?? 'yes'];
    link.href = `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${colour}"/></svg>`)}`;
  });
}

async function start(): Promise<void> {
  followTheme();
  const inside = document.getElementById(fileElement)?.textContent?.trim() ?? '';
  if (inside === '') {
    source.value = serverSource(tokenOfTab());
    readAddress();
  } else {
    const { source: own, id } = await fileSource(inside);
    source.value = own;
    readAddress();
    if (parseRoute(location.hash).page !== 'run') go({ page: 'run', id, screen: 'board', view: PLAIN_VIEW }, 'replace');
  }
  window.addEventListener('popstate', readAddress);
  window.addEventListener('hashchange', readAddress);
  listenToKeys();
  tellTab();
  followRuns();
  setInterval(() => {
    if (!document.hidden && isLive.peek()) second.value++;
  }, 1_000);
}

const root = document.getElementById('page');
if (root !== null) {
  start().catch((error: unknown) => {
    failure.value = { code: 'file_damaged', message: `The data in this file cannot be read: ${String(error)}` };
  });
  render(<Board />, root);
}
