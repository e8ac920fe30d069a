/** The page as it was built: one file, and the Content-Security-Policy that lets exactly its scripts and styles run. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { readBytes } from '../../config/small-file.ts';

export interface Page {
  readonly html: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Two hundred times what it has. */
const MAX_PAGE_BYTES = 16 * 1024 ** 2;
const MISSING =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>swarmscope</title><p>The page is missing in this installation of swarmscope. ' +
  'Install it again; until then, "swarmscope report" prints what it would show.</p></html>';

export function readPage(file: URL): Page {
  const html = readBytes(fileURLToPath(file), MAX_PAGE_BYTES) ?? Buffer.from(MISSING);
  return { html, headers: { 'content-security-policy': policyFor(html.toString('utf8')) } };
}

/** @example policyFor('<script>1</script>') // "default-src 'none'; script-src 'sha256-…'; …" */
export function policyFor(html: string, connect = "'self'"): string {
  const rules = [
    "default-src 'none'",
    `script-src ${hashesIn(html, /<script(?![^>]*type="application\/json")[^>]*>([^]*?)<\/script>/g)}`,
    `style-src ${hashesIn(html, /<style[^>]*>([^]*?)<\/style>/g)}`,
    "style-src-attr 'unsafe-inline'",
    `connect-src ${connect}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return rules.join('; ');
}

function hashesIn(html: string, element: RegExp): string {
  const hashes = [...html.matchAll(element)].map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return hashes.length === 0 ? "'none'" : hashes.join(' ');
}

/** On every answer of the local view. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
};
