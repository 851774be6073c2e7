import rxjs from 'eslint-plugin-rxjs-x';
import typescript from 'typescript';

const { TypeFlags } = typescript;

// `$` marks a stream, and nothing else. The plugin's rule also asks for it on what may be a function that returns one, and these
// are named for what they do; on a key that must be absent (`hold$?: never`); and `source` and `notices` are the names that RxJS
// and our options give to a stream and to an observer.
export const streamNames = {
  ...rxjs.rules.finnish,
  create(context) {
    const { getTypeAtLocation } = context.sourceCode.parserServices;
    const isExempt = node => {
      const name = node.key ?? node;
      const type = getTypeAtLocation(name).getNonNullableType();
      const parts = type.isUnion() ? type.types : [type];
      const isAbsent = (type.flags & TypeFlags.Never) !== 0;
      return (
        ['source', 'notices'].includes(name.name) || isAbsent || parts.some(part => part.getCallSignatures().length > 0)
      );
    };
    const listeners = Object.entries(rxjs.rules.finnish.create(context));
    return Object.fromEntries(
      listeners.map(([selector, check]) => [
        selector,
        node => {
          if (!(selector.startsWith('TSMethodSignature') ? node.params.some(isExempt) : isExempt(node))) check(node);
        },
      ]),
    );
  },
};
