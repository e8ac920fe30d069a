/** Removes credentials from argument lists and URLs, also where content is recorded. Pure. */

const MAX_ARGUMENTS = 64;
const MAX_ARGUMENT_CHARACTERS = 256;
/** Characters of one argument that are searched. Protects the program from a search through a prompt of a megabyte. */
const MAX_SEARCHED = 4_096;
const HIDDEN = '***';

const SECRET =
  '(?:token|secret|passw(?:or)?d|passphrase|api[-_]?key|access[-_]?key|private[-_]?key|credential|authorization|extraheader|cookie)';
/** Options whose value is a secret: `--api-key=...`, `--token ...`, `-c http.extraHeader=...`. */
const SECRET_OPTION = new RegExp(`^-{1,2}[\\w.-]*(?:${SECRET}|header)[\\w.-]*$`, 'i');
/** Options whose value is a secret if it has the form `user:password`. */
const USER_OPTION = /^(?:-u|--user|--proxy-user)$/;
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // A password may contain an `@`: the last one before the path counts.
  [/\b([a-z][a-z\d+.-]{0,20}:\/\/)[^\s/?#'"]+@/gi, `$1${HIDDEN}@`],
  [/\b(bearer|basic)\s+[\w.~+/=:-]{4,}/gi, `$1 ${HIDDEN}`],
  // Headers: `Authorization: ...`, `x-api-key: ...`, to the end of the line or quote.
  [
    /\b((?:proxy-)?authorization|x-api-key|api-key|x-goog-api-key|private-token|cookie|set-cookie)(["']?\s*:\s*["']?)[^\r\n"']+/gi,
    `$1$2${HIDDEN}`,
  ],
  // `TOKEN=...`, `?api_key=...`, also inside a shell text.
  [new RegExp(`([\\w.-]{0,64}${SECRET}[\\w.-]{0,64}=)("[^"]*"?|'[^']*'?|[^\\s&]+)`, 'gi'), `$1${HIDDEN}`],
  // `--token abc` inside a shell text.
  [new RegExp(`(--?[\\w.-]{0,64}${SECRET}[\\w.-]{0,64}\\s+)("[^"]*"?|'[^']*'?|[^\\s'"]+)`, 'gi'), `$1${HIDDEN}`],
  // `"api_key": "..."` in JSON.
  [new RegExp(`("[\\w.-]{0,64}${SECRET}[\\w.-]{0,64}"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"?`, 'gi'), `$1"${HIDDEN}"`],
  // Keys that are known by their first letters.
  [/\b(?:sk-|sk_live_|ghp_|gho_|ghs_|github_pat_|glpat-|xox[abprs]-|npm_|hf_|AKIA|AIza|eyJ[\w-]+\.)[\w.~+/=-]{8,}/g, HIDDEN],
];

export function scrubText(text: string): string {
  return PATTERNS.reduce((clean, [pattern, instead]) => clean.replaceAll(pattern, instead), text.slice(0, MAX_SEARCHED));
}

/** Bounded and scrubbed: at most 64 arguments of 256 characters. */
export function scrubArguments(args: readonly string[]): string[] {
  let before = '';
  return args.slice(0, MAX_ARGUMENTS).map((arg) => {
    const clean = scrubArgument(arg, before);
    before = arg;
    return clean.slice(0, MAX_ARGUMENT_CHARACTERS);
  });
}

function scrubArgument(arg: string, before: string): string {
  if (SECRET_OPTION.test(before)) return HIDDEN;
  if (USER_OPTION.test(before) && arg.includes(':')) return HIDDEN;
  const at = arg.indexOf('=');
  if (at > 0 && SECRET_OPTION.test(arg.slice(0, Math.min(at, MAX_ARGUMENT_CHARACTERS)))) return `${arg.slice(0, at)}=${HIDDEN}`;
  return scrubText(arg);
}
