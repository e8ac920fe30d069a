// simple-git 3.
import { simpleGit } from 'simple-git3';
import { casesOf } from './simple-git.mjs';

export const cases = casesOf(simpleGit, 'simple-git-3');
