// Every program of this folder by its name; each loads its client when it runs, so that the tests can read the names of its cases.
import { fetchCases } from './fetch.mjs';

export const programs = {
  fetch: () => ({ cases: fetchCases() }),
};
