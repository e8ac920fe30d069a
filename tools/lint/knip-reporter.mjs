// Says how much knip read, as one line of JSON for tools/check-unused.ts: a checker that read nothing finds nothing.

/** A knip reporter; see its documentation of custom reporters. */
export default function report({ counters }) {
  console.log(`knip-read ${JSON.stringify({ files: counters.total })}`);
}
