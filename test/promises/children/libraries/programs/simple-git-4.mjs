// simple-git 4.
import { simpleGit } from 'simple-git4';
import { casesOf } from './simple-git.mjs';

export const cases = casesOf(simpleGit, 'simple-git-4');
