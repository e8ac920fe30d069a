// Runs the cases of every library, but for those that the arguments name, one after the other, each in a task of its
// own; prints what each gave.
import * as crossSpawn from './cross-spawn.mjs';
import * as execa from './execa.mjs';
import * as simpleGit3 from './simple-git-3.mjs';
import * as simpleGit4 from './simple-git-4.mjs';
import * as zx from './zx.mjs';

const { withTask } = await import(process.env.API);
const libraries = { execa, zx, 'cross-spawn': crossSpawn, 'simple-git 3': simpleGit3, 'simple-git 4': simpleGit4 };

for (const [library, { cases }] of Object.entries(libraries))
  for (const [title, run] of Object.entries(cases)) {
    const name = `${library}: ${title}`;
    if (process.argv.includes(name)) continue;
    const value = await withTask(name, async () => run()).catch((error) => ({ thrown: String(error) }));
    console.log(JSON.stringify([name, value]));
  }
