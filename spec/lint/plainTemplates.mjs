import typescript from 'typescript';

const { TypeFlags } = typescript;
const PLAIN = TypeFlags.StringLike | TypeFlags.NumberLike | TypeFlags.BooleanLike;

/** `${n}`, not `${String(n)}`, if `n` is a string, a number or a boolean. */
export const plainTemplates = {
  meta: {
    type: 'suggestion',
    fixable: 'code',
    schema: [],
    messages: { string: 'A template makes the string itself: write the value alone.' },
  },
  create(context) {
    const { sourceCode } = context;
    const isPlain = node => {
      const type = sourceCode.parserServices.getTypeAtLocation(node);
      return (type.isUnion() ? type.types : [type]).every(part => (part.flags & PLAIN) !== 0);
    };
    return {
      'TemplateLiteral > CallExpression[callee.name="String"][arguments.length=1]'(call) {
        const [value] = call.arguments;
        if (value.type === 'SpreadElement' || !isPlain(value)) return;
        context.report({
          node: call,
          messageId: 'string',
          fix: fixer => fixer.replaceText(call, sourceCode.getText(value)),
        });
      },
    };
  },
};
