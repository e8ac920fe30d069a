// Lint rules of our own: each source file opens with one comment that says what the file is.

const openingSentence = {
  meta: {
    type: 'suggestion',
    docs: { description: 'the first line of a file (after #!) is a comment that says what the file is' },
    messages: { missing: 'Open the file with one sentence, as a comment, that says what it is.' },
    schema: [],
  },
  create(context) {
    return {
      Program(program) {
        const comment = context.sourceCode.getAllComments().find((one) => one.type !== 'Shebang');
        const line = context.sourceCode.getText().startsWith('#!') ? 2 : 1;
        if (comment === undefined || comment.loc.start.line !== line)
          context.report({ node: program, loc: { line: 1, column: 0 }, messageId: 'missing' });
      },
    };
  },
};

/** The plug-in `house`. */
export const house = { rules: { 'opening-sentence': openingSentence } };
