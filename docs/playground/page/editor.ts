// The editor is a script of its own: a program can be read and run before it is there.
import { autocompletion, completeFromList, completionKeymap, type Completion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { javascript, javascriptLanguage, localCompletionSource } from '@codemirror/lang-javascript';
import {
  bracketMatching,
  foldEffect,
  foldGutter,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
  syntaxTree,
} from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { headerOf } from './headerOf.js';

/** What the playground needs of an editor. */
export interface Editor {
  text: string;
  names: Readonly<Record<string, readonly string[]>>;
  /** The first line that the parser does not understand. */
  readonly wrongLine: () => number | undefined;
  /** Selects a line and scrolls to it. */
  readonly goTo: (line: number) => void;
}

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
  { tag: tags.comment, color: 'var(--faint)' },
  { tag: [tags.typeName, tags.className], color: 'var(--code-type)' },
]);

const look = EditorView.theme({
  '&': { backgroundColor: 'var(--background)', color: 'var(--text)', fontSize: '13px', height: '100%' },
  '.cm-scroller': { fontFamily: 'ui-monospace, Menlo, Consolas, monospace', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--raised)', color: 'var(--faint)', borderColor: 'var(--line)' },
  '.cm-activeLine': { backgroundColor: 'var(--active)' },
  '&.cm-focused': { outline: '2px solid var(--focus)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, ::selection': {
    backgroundColor: 'var(--selection)',
  },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--text)', borderColor: 'var(--line)' },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--raised)', color: 'var(--faint)', borderColor: 'var(--line)' },
});

/** Puts an editor into `host`. `changed` is called for each edit. */
export const openEditor = (host: HTMLElement, root: ShadowRoot, changed: (text: string) => void): Editor => {
  const known: { names: Editor['names']; completions: readonly Completion[] } = { names: {}, completions: [] };
  const view = new EditorView({
    parent: host,
    root,
    state: EditorState.create({
      extensions: [
        lineNumbers(),
        foldGutter(),
        history(),
        indentOnInput(),
        bracketMatching(),
        highlightActiveLine(),
        autocompletion(),
        javascript({ typescript: true }),
        javascriptLanguage.data.of({ autocomplete: localCompletionSource }),
        EditorState.languageData.of(() => [{ autocomplete: completeFromList([]) }, { autocomplete: complete }]),
        syntaxHighlighting(colours),
        look,
        // Tab leaves the editor, as it leaves any other field.
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': 'Program', spellcheck: 'false' }),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) changed(state.doc.toString());
        }),
      ],
    }),
  });
  function complete(
    context: Parameters<ReturnType<typeof completeFromList>>[0],
  ): ReturnType<ReturnType<typeof completeFromList>> {
    return completeFromList(known.completions)(context);
  }
  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      const { lines } = headerOf(text);
      if (lines < 2) return;
      const { to: from } = view.state.doc.line(1);
      view.dispatch({ effects: foldEffect.of({ from, to: view.state.doc.line(lines).to }) });
    },
    get names() {
      return known.names;
    },
    set names(names) {
      known.names = names;
      known.completions = Object.entries(names).flatMap(([module, all]) =>
        all.map((label): Completion => ({ label, detail: module, type: 'function' })),
      );
    },
    wrongLine: () => {
      let line: number | undefined;
      syntaxTree(view.state).iterate({
        enter: ({ type, from }) => {
          if (type.isError) line ??= view.state.doc.lineAt(from).number;
        },
      });
      return line;
    },
    goTo: number => {
      const line = view.state.doc.line(Math.min(number, view.state.doc.lines));
      view.dispatch({
        selection: { anchor: line.from },
        effects: EditorView.scrollIntoView(line.from, { y: 'center' }),
      });
      view.focus();
    },
  };
};
