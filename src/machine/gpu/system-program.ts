/** A program of its own that prints the graphics cards as systeminformation sees them: the package waits for child processes and patches strings, which no app should notice. */
import { graphics } from 'systeminformation';

// eslint-disable-next-line no-restricted-properties -- it is a program that prints, and nothing else
void graphics().then(({ controllers }) => process.stdout.write(JSON.stringify({ controllers })));
