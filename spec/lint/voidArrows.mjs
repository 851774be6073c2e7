import typescript from 'typescript';

const { SignatureKind, TypeFlags } = typescript;
const NOTHING = TypeFlags.Void | TypeFlags.Undefined;

const partsOf = type => (type.isUnion() ? type.types : [type]);
const isAll = (flags, type) => partsOf(type).every(part => (part.flags & flags) !== 0);

/**
 * `next: value => this.#emitted(value)`, not `next: value => { this.#emitted(value); }`.
 *
 * Only if the expression is void and fits into a line, and whoever calls the arrow function ignores what it returns. A function for
 * `new Observable` may return a teardown, and a handler may return work: their blocks say that they return nothing.
 */
export const voidArrows = {
  meta: {
    type: 'suggestion',
    fixable: 'code',
    schema: [],
    messages: { block: 'The block is one void expression: write the expression alone.' },
  },
  create(context) {
    const { sourceCode } = context;
    const { program, esTreeNodeToTSNodeMap, getTypeAtLocation } = sourceCode.parserServices;
    const checker = program.getTypeChecker();

    const isVoid = signature => isAll(TypeFlags.Void, signature.getReturnType());
    const isIgnored = node => {
      const arrow = esTreeNodeToTSNodeMap.get(node);
      if (!isVoid(checker.getSignatureFromDeclaration(arrow))) return false;
      const type = checker.getContextualType(arrow);
      if (type === undefined) return true;
      const signatures = partsOf(type).flatMap(part => checker.getSignaturesOfType(part, SignatureKind.Call));
      return signatures.length > 0 && signatures.every(isVoid);
    };

    return {
      'ArrowFunctionExpression[async=false] > BlockStatement[body.length=1] > ExpressionStatement'(statement) {
        const { expression, parent: block } = statement;
        const arrow = block.parent;
        if (['AssignmentExpression', 'UnaryExpression'].includes(expression.type)) return;
        if (expression.loc.start.line < expression.loc.end.line || sourceCode.getCommentsInside(block).length > 0)
          return;
        if (!isAll(NOTHING, getTypeAtLocation(expression)) || !isIgnored(arrow)) return;
        context.report({
          node: block,
          messageId: 'block',
          fix: fixer => fixer.replaceText(block, sourceCode.getText(expression)),
        });
      },
    };
  },
};
