// Cases of simple-git, for any major of it.
import { writeFileSync } from 'node:fs';
import { folder, repository } from './fixtures.mjs';

/** Ids of commits differ from run to run with the second in which they are made. */
const plain = (value) => JSON.parse(JSON.stringify(value ?? null).replaceAll(/\b[0-9a-f]{7,40}\b/g, 'ID'));
const failing = (promise) =>
  promise.then(
    () => 'did not fail',
    (error) => plain({ name: error.name, message: error.message, git: error.git, task: error.task?.commands }),
  );

/** @param simpleGit the function of one major */
export function casesOf(simpleGit, name) {
  const begun = async () => {
    const path = repository();
    const git = simpleGit(path);
    writeFileSync(`${path}/file`, 'base\n');
    await git.add('file').commit('base');
    return { git, path };
  };
  return {
    'init, add, commit, log, status': async () => {
      const path = folder(`${name}-init`);
      const git = simpleGit(path);
      const init = await git.init();
      writeFileSync(`${path}/file`, 'one\n');
      const commit = await git.add('file').commit('one', undefined, { '--no-verify': null });
      writeFileSync(`${path}/other`, 'two\n');
      const { latest, total } = await git.log();
      return plain({ init: init.existing, commit, status: await git.status(), message: latest.message, total });
    },
    'a branch that is not there': async () => failing((await begun()).git.checkout('no-such-branch')),
    'a chain that fails in its middle': async () => {
      const { git } = await begun();
      const first = await failing(git.branch(['new']).then(() => git.checkout('missing')));
      return { first, branches: (await git.branchLocal()).all };
    },
    'a conflict, and its abort': async () => {
      const { git, path } = await begun();
      await git.checkoutLocalBranch('side');
      writeFileSync(`${path}/file`, 'side\n');
      await git.commit('side', ['file']);
      await git.checkout('main');
      writeFileSync(`${path}/file`, 'main\n');
      await git.commit('main', ['file']);
      const conflict = await failing(git.merge(['side']));
      const { conflicted } = await git.status();
      await git.merge(['--abort']);
      return { conflict, conflicted, after: plain((await git.status()).files) };
    },
    'many at once, two by two': async () => {
      const path = repository();
      const git = simpleGit({ baseDir: path, maxConcurrentProcesses: 2 });
      return Promise.all(Array.from({ length: 6 }, (_, at) => git.raw('rev-parse', '--sq-quote', `${at}`)));
    },
    'an environment of the caller’s': async () => {
      const path = repository();
      const git = simpleGit(path).env({ PATH: process.env.PATH, HOME: process.env.HOME, OWN: '1' });
      return plain([await git.commit('own', undefined, { '--allow-empty': null }), await git.revparse(['--abbrev-ref', 'HEAD'])]);
    },
    'a clone, its diff, tags and stash': async () => {
      const { path } = await begun();
      const target = `${path}-clone`;
      await simpleGit().clone(path, target);
      const git = simpleGit(target);
      writeFileSync(`${target}/file`, 'base\nmore\n');
      const diff = await git.diffSummary();
      await git.stash();
      const tags = await git.addTag('v1').tags();
      return plain({ diff, tags, isClean: (await git.status()).isClean(), remotes: (await git.getRemotes()).length });
    },
    'an aborted call': async () => {
      const controller = new AbortController();
      const git = simpleGit({ baseDir: repository(), abort: controller.signal });
      controller.abort();
      return failing(git.status());
    },
    'a call that says nothing for too long': async () => {
      const git = simpleGit({ baseDir: repository(), timeout: { block: 1500 } });
      return failing(git.raw('cat-file', '--batch'));
    },
    'no folder': async () => {
      try {
        return String(simpleGit('no-such-folder'));
      } catch (error) {
        return error.message;
      }
    },
  };
}
