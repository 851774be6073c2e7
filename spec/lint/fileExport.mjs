import { basename } from 'node:path';

const namesOf = node => {
  const { declaration, specifiers = [] } = node;
  const declared = declaration?.declarations?.map(({ id }) => id) ?? [declaration?.id];
  return [...declared, ...specifiers.map(({ exported }) => exported)].map(id => id?.name);
};

/** A file exports something of its own name. `except`: the files that do not, by the end of their path, each with its reason. */
export const fileExport = {
  meta: {
    type: 'suggestion',
    schema: [{ type: 'object', properties: { except: { type: 'object' } }, additionalProperties: false }],
    messages: {
      missing: 'The file exports nothing that is called {{name}}: rename the one or the other.',
      needless: 'The file exports {{name}}: it needs no exception.',
    },
  },
  create(context) {
    const name = basename(context.filename, '.ts');
    const isExcepted = Object.keys(context.options[0]?.except ?? {}).some(end => context.filename.endsWith(`/${end}`));
    return {
      Program(node) {
        const isNamed = node.body.some(each => each.type === 'ExportNamedDeclaration' && namesOf(each).includes(name));
        if (isNamed !== isExcepted) return;
        context.report({
          node,
          loc: { line: 1, column: 0 },
          messageId: isNamed ? 'needless' : 'missing',
          data: { name },
        });
      },
    };
  },
};
