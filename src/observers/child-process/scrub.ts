/** Removes credentials from argument lists and URLs, always: with content on as well. Pure. */

const MAX_ARGUMENTS = 64;
const MAX_ARGUMENT_CHARACTERS = 256;
const HIDDEN = '***';
/** Options whose value is a secret: `--api-key=...`, `--token ...`, `-c http.extraHeader=...`. */
const SECRET_OPTION = /^-{1,2}[\w.-]*(?:token|secret|password|passwd|api[-_]?key|credential|authorization|extraheader|header)[\w.-]*$/i;
const SECRET_PAIR = /^([\w.-]*(?:token|secret|password|passwd|api[-_]?key|credential|authorization|extraheader)[\w.-]*)=.*/i;
const URL_CREDENTIALS = /([a-z][a-z\d+.-]*:\/\/)[^\s/@]+@/gi;
const BEARER = /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi;

export function scrubText(text: string): string {
  return text.replaceAll(URL_CREDENTIALS, `$1${HIDDEN}@`).replaceAll(BEARER, `$1 ${HIDDEN}`);
}

/** Bounded and scrubbed: at most 64 arguments of 256 characters. */
export function scrubArguments(args: readonly string[]): string[] {
  const result: string[] = [];
  let isNextSecret = false;
  for (const arg of args.slice(0, MAX_ARGUMENTS)) {
    if (isNextSecret) {
      result.push(HIDDEN);
      isNextSecret = false;
      continue;
    }
    const at = arg.indexOf('=');
    const name = at > 0 ? arg.slice(0, at) : arg;
    if (SECRET_OPTION.test(name)) {
      result.push(at > 0 ? `${name}=${HIDDEN}` : name);
      isNextSecret = at < 0;
    } else {
      result.push(scrubText(arg.replace(SECRET_PAIR, `$1=${HIDDEN}`)).slice(0, MAX_ARGUMENT_CHARACTERS));
    }
  }
  return result;
}
