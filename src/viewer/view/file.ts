/** A run as one HTML file: the page with its data inside, which asks nobody, and the report's text for readers without scripts. */
import { gzipSync } from 'node:zlib';
import { lanePicture } from '../../analysis/lane-picture.ts';
import { ViewerError } from '../error.ts';
import type { FileData, FileElementId } from '../wire.ts';
import { snapshotOf, type Analysed } from './snapshot.ts';
import { spanItem, taskDetails } from './spans.ts';

export interface FileOptions extends Analysed {
  readonly version: string;
  /** The printed report. */
  readonly text: string;
  /** The page as it was built. */
  readonly page: string;
}

/** Beyond them the file says how many are left out. */
const MAX_SPANS = 100_000;
const ELEMENT: FileElementId = 'swarmscope-data';
const DATA = `<script type="application/json" id="${ELEMENT}"></script>`;
const TEXT = /(<noscript id="without-script">)[^]*?(<\/noscript>)/;
const POLICY = /(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(">)/;

/**
 * What goes out is what the types of the wire name: labels and names of spans, models, numbers. Attributes of spans, where captured
 * content would be, do not. @throws ViewerError `page_missing`
 */
export function htmlOf({ page, text, version, ...analysed }: FileOptions): string {
  if (!page.includes(DATA) || !TEXT.test(page) || !POLICY.test(page))
    throw new ViewerError('page_missing', 'The page is missing in this installation of swarmscope; install it again.');
  const data = gzipSync(JSON.stringify(fileData(analysed, text, version)), { level: 9 }).toString('base64');
  return page
    .replace(
      POLICY,
      (_, before: string, policy: string, after: string) => before + policy.replace(/connect-src [^;]*/, "connect-src 'none'") + after,
    )
    .replace(TEXT, (_, before: string, after: string) => `${before}<pre>${escaped(text)}</pre>${after}`)
    .replace(DATA, () => DATA.replace('></script>', `>${data}</script>`));
}

function fileData(analysed: Analysed, text: string, version: string): FileData {
  const { facts, report, state } = analysed;
  const nodes = facts.tree.topDown.toSorted((a, b) => a.row.startMs - b.row.startMs).slice(0, MAX_SPANS);
  return {
    v: 1,
    snapshot: snapshotOf(analysed, 0, version),
    report,
    text,
    tasks: taskDetails(facts, lanePicture(facts), state === 'live'),
    spans: nodes.map((node) => spanItem(node, facts.tree.startMs)),
    spansLeftOut: facts.tree.topDown.length - nodes.length,
    isAnonymous: false,
  };
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => ESCAPES[character] ?? '');
