/** Decides which parts of another program's record are content, the same for both encodings. */
import { contentNames } from '../../semconv/index.ts';
import { isNameOf, MAX_ATTRIBUTES, readAttributes, type Tree } from '../read/index.ts';

/** The scope of our own telemetry, which is masked where it is made. */
export const OWN_SCOPE = 'swarmscope';

export interface Sender {
  readonly name: string;
  readonly scopeName: string;
  readonly pairs: readonly Tree[];
}

/** Tells by name which attributes go. `judged` are those of an event, where they are not the sender's own. */
export function hiddenNames({ name, scopeName, pairs }: Sender, judged: readonly Tree[] = pairs): (key: string) => boolean {
  const own = readAttributes({ attributes: [...pairs] });
  const attributes = judged === pairs ? own : readAttributes({ attributes: [...judged] });
  const hidden = new Set(contentNames({ name, scopeName, attributes: own }, attributes));
  // What is beyond the bound was not judged.
  const isCut = judged.length > MAX_ATTRIBUTES;
  return (key) => hidden.has(key) || (isCut && !Object.hasOwn(attributes, key));
}

/** Whether a log record's body goes; one that only repeats the event's name stays. */
export function isBodyHidden({ name, scopeName, pairs }: Sender, body: string): boolean {
  if (isNameOf(body, name)) return false;
  return contentNames({ name, scopeName, attributes: readAttributes({ attributes: [...pairs] }) }, { body }).length > 0;
}
