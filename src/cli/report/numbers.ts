// Numbers as people read them: the terminal and the page of the local view write them alike.
export * from '../../analysis/numbers.ts';
