// Makes the page of the local view: one HTML file with its script and its style inside, and a policy that lets nothing else run.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { newerThanTargets, targets } from './browsers.ts';
import { writeWhole } from './write-whole.ts';

/** What the browser may do, for a page whose inline script and style have these hashes. The server sends the same as a header. */
export function policyOf(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Fills `{{name}}` in the template. Throws for a name that has no text, and for a text that would end its own element. */
export function fillTemplate(template: string, texts: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const text = texts[name];
    if (text === undefined) throw new Error(`the page has no text for {{${name}}}`);
    if (/<\/(?:script|style)/i.test(text)) throw new Error(`{{${name}}} of the page would end its element early`);
    return text;
  });
}

/** Bundles the script that `entry` begins, and puts it with `style.css` beside it into `index.html` beside it. */
export async function buildPage(
  root: string,
  { entry, output }: { readonly entry: string; readonly output: string },
): Promise<{ bytes: number; metafile: Metafile }> {
  const folder = dirname(join(root, entry));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: 'view.js',
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: targets,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    sourcemap: false,
    legalComments: 'none',
    charset: 'utf8',
    define: { __SWARMSCOPE_VERSION__: JSON.stringify(version) },
    logLevel: 'warning',
    metafile: true,
    write: false,
  });
  const script = outputFiles[0]?.text.trim() ?? '';
  const css = await build({ entryPoints: [join(folder, 'style.css')], bundle: true, minify: true, target: targets, write: false });
  const style = css.outputFiles[0]?.text.trim() ?? '';
  const newer = newerThanTargets(script, style);
  if (newer.length > 0) throw new Error(`the page uses what ${targets.join(', ')} do not all have: ${newer.join(', ')}`);
  const html = fillTemplate(await readFile(join(folder, 'index.html'), 'utf8'), { policy: policyOf(script, style), style, script });
  await writeWhole(join(root, output), html);
  return { bytes: Buffer.byteLength(html), metafile };
}
