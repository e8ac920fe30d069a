/** Where the options of a command line end. Pure. */

/** The index of the first word that is neither an option nor its value; `args.length` where there is none. */
export function firstOperand(args: readonly string[], values: ReadonlySet<string>): number {
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (values.has(arg)) at += 1;
    else if (arg !== '' && !arg.startsWith('-')) return at;
  }
  return args.length;
}
