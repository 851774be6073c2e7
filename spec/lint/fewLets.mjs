const MOST = 6;

/** A function has at most six `let`, without those of its loops and of the functions inside it. More is a state that has no name. */
export const fewLets = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { many: 'The function has {{count}} `let`, more than {{most}}: give its state a name.' },
  },
  create(context) {
    const counts = [];
    const enter = () => counts.push(0);
    const exit = node => {
      const count = counts.pop();
      if (count > MOST) context.report({ node, messageId: 'many', data: { count, most: MOST } });
    };
    return {
      Program: enter,
      'Program:exit': exit,
      ':function': enter,
      ':function:exit': exit,
      'VariableDeclaration[kind="let"]'({ declarations, parent }) {
        if (!parent.type.startsWith('For')) counts[counts.length - 1] += declarations.length;
      },
    };
  },
};
