/** Lines at the end of a module's text that hand its functions over, and put what comes back in their place. */

export interface NamedFunction {
  /** By which the listener knows it. */
  readonly key: string;
  /** Of an export; for a method, that of its class. */
  readonly root: string;
}

/** @param call What the text calls to hand something over: it answers a function, or what it was given. */
export function withHandOver(text: string, functions: readonly NamedFunction[], call: string): string {
  let edited = text;
  const lines: string[] = [];
  for (const { key, root } of functions) {
    const local = localNameOf(text, root);
    // As long as it was: every place in the file stays where it is.
    edited = edited.replace(new RegExp(`^((?:export )?)const(?= ${escaped(local)}\\b)`, 'm'), '$1let  ');
    const handed = `const is = ${call}({ key: ${JSON.stringify(key)}, value: ${local} });`;
    lines.push(
      `try { if (typeof ${local} === 'function') { ${handed} if (typeof is === 'function' && is !== ${local}) ${local} = is; } } catch {}`,
    );
  }
  const keys = JSON.stringify(functions.map(({ key }) => key));
  lines.push(`${call}({ keys: ${keys}, exported: typeof module === 'object' && module !== null ? module : undefined });`);
  return `${edited}\n;${lines.join('\n')}\n`;
}

/** The name that the module itself has for an export. */
function localNameOf(text: string, root: string): string {
  const renamed = new RegExp(`^export \\{[^}]*?([\\w$]+) as ${escaped(root)}\\b[^}]*\\}`, 'm').exec(text)?.[1];
  if (renamed !== undefined) return renamed;
  if (root !== 'default') return root;
  const named = /^export default (?:(?:async )?function\s*\*?\s*|class )([\w$]+)/m.exec(text)?.[1];
  return named ?? /^export default ([\w$]+);?\s*$/m.exec(text)?.[1] ?? '__no_name';
}

const escaped = (name: string): string => name.replaceAll('$', '\\$');
