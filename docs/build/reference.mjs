// The reference for people: what each entry exports, a page each, in docs/reference.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';

const at = path => fileURLToPath(new URL(path, import.meta.url));

/** Each entry, and what it is for. */
const entries = {
  index: 'the broker and the operators; no Node in it',
  inspect: 'Records of what happens',
  nats: 'NATS JetStream: a source that settles',
  web: 'events to browsers, workers and tabs',
  node: 'files, a buffer on disk, sockets, configuration',
  sql: 'the block store in PostgreSQL or PGlite',
  testing: 'marble tests with readable failures, laws and contracts',
  vega: 'one protocol: the events of a blockchain',
};

/** Exports whose story is told on the page of another one. */
const toldElsewhere = {
  EventBroker: '/broker/eventBroker.md',
  BrokerOptions: '/broker/eventBroker.md',
  Subscriber: '/broker/subscribe.md',
  BrokerSnapshot: '/broker/snapshot-and-notices.md',
  SubscriberSnapshot: '/broker/snapshot-and-notices.md',
  Notice: '/notices.md',
  Source: '/flow-control.md',
  Pausable: '/flow-control.md',
  BlockStore: '/store.md',
  storeBlocks: '/store.md',
  jetStreamSource: '/sources/jetstream.md',
  kvPosition: '/sources/jetstream.md',
  outboxSource: '/sources/outbox.md',
  OutboxRow: '/sources/outbox.md',
  bufferFiles: '/sources/files.md',
  bufferOnDisk: '/sources/disk-buffer.md',
  socketServer: '/sources/socket.md',
  socketClient: '/sources/socket.md',
};

const specifier = entry => (entry === 'index' ? 'rx-event-broker' : `rx-event-broker/${entry}`);

const convert = async () => {
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: Object.keys(entries).map(entry => at(`../../lib/${entry}.ts`)),
    tsconfig: at('../../tsconfig.build.json'),
    out: at('../reference'),
    logLevel: 'Warn',
    treatWarningsAsErrors: true,
    readme: 'none',
    entryFileName: 'index',
    outputFileStrategy: 'members',
    hideBreadcrumbs: true,
    hidePageHeader: true,
    disableSources: true,
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true,
    useCodeBlocks: true,
    expandObjects: true,
    groupOrder: ['Functions', 'Variables', 'Interfaces', 'Type Aliases', 'Classes'],
    indexFormat: 'table',
    parametersFormat: 'table',
    typeDeclarationFormat: 'table',
    interfacePropertiesFormat: 'table',
    classPropertiesFormat: 'table',
    typeAliasPropertiesFormat: 'table',
    tableColumnSettings: { hideModifiers: true, leftAlignHeaders: true },
    pageTitleTemplates: { member: ({ rawName }) => rawName, module: ({ name }) => specifier(name) },
    navigationJson: at('../reference/navigation.json'),
    validation: { notExported: false },
  });
  const project = await app.convert();
  if (project !== undefined) await app.generateOutputs(project);
  if (project === undefined || app.logger.hasErrors() || app.logger.hasWarnings()) {
    throw new Error('typedoc: the reference was not written, or not wholly');
  }
};

/** The page that tells the story of an export: the one with its name for a title; for an error, its heading. */
const guides = () => {
  const docs = at('..');
  const pages = readdirSync(docs, { recursive: true })
    .filter(file => file.endsWith('.md') && !/^(api|reference|node_modules|decisions)\//.test(file))
    .map(file => [/^# (.+)$/m.exec(readFileSync(join(docs, file), 'utf8'))?.[1], `/${file}`]);
  const errors = readFileSync(join(docs, 'errors.md'), 'utf8').matchAll(/^### (\w+)$/gm);
  return new Map([
    ...Object.entries(toldElsewhere),
    ...pages,
    ...[...errors].map(([, name]) => [name, `/errors.md#${name.toLowerCase()}`]),
  ]);
};

/** `@see` names a page of the installed package: on the site it is a link. */
const linked = markdown =>
  markdown.replace(/node\\?_modules\/rx-event-broker\/docs(\/[\w/.#-]+)/g, (_, page) => `[${page.slice(1)}](${page})`);

/** Says on each page which entry exports it and what it is, and links its story. */
const finish = () => {
  const stories = guides();
  for (const entry of Object.keys(entries)) {
    const folder = at(`../reference/${entry}`);
    const index = join(folder, 'index.md');
    writeFileSync(index, `---\ntitle: entry ${specifier(entry)}\n---\n\n${readFileSync(index, 'utf8')}`);
    for (const file of readdirSync(folder, { recursive: true }).filter(name => /\/.+\.md$/.test(name))) {
      const [kind] = file.split('/');
      const [title, ...lines] = linked(readFileSync(join(folder, file), 'utf8')).split('\n');
      const name = title.replace(/^# |\\?<.*|\(\)$/g, '');
      const story = stories.get(name);
      const links = story === undefined ? '' : ` · [how to use it](${story})`;
      const what = { functions: 'function', classes: 'class', interfaces: 'interface', variables: 'constant' }[kind];
      const from = `${what ?? 'type'} of [\`${specifier(entry)}\`](../index.md)${links}`;
      writeFileSync(join(folder, file), [`# ${name}`, '', from, ...lines].join('\n'));
    }
  }
  const rows = Object.entries(entries).map(
    ([entry, what]) => `| [\`${specifier(entry)}\`](${entry}/index.md) | ${what} |`,
  );
  writeFileSync(
    at('../reference/index.md'),
    `# Reference\n\nEverything that the package exports, a page each.\n\n| entry | what |\n| --- | --- |\n${rows.join('\n')}\n`,
  );
};

export const writeReference = async () => {
  await convert();
  finish();
};

/** The side bar of the reference: an entry a group, closed. */
export const referenceSidebar = () => {
  const groups = JSON.parse(readFileSync(at('../reference/navigation.json'), 'utf8'));
  return groups.map(({ title, path, children }) => ({
    text: specifier(title),
    link: `/reference/${path}`,
    collapsed: title !== 'index',
    items: children
      .flatMap(group => group.children)
      .map(item => ({ text: item.title, link: `/reference/${item.path}` })),
  }));
};
