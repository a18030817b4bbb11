// The fenced code blocks of a Markdown text, with what the comment before each says of it.
//
//   <!-- run: setup=fashion -->      run after test/documents/setups/fashion.ts
//   <!-- run: continues -->          run after the block before it, in the same program
//   <!-- not run: needs a GPU -->    explained, not run

export interface Block {
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /** Name of the setup that defines what the block takes for granted. */
  readonly setup?: string;
  readonly continues: boolean;
  /** Why the block is not run. */
  readonly notRun?: string;
}

type Directive = Pick<Block, 'setup' | 'continues' | 'notRun'>;

const FENCE = /^( *)(`{3,}|~{3,}) *([^\s`]*)/;
const COMMENT = /^ *<!--\s*(not run|run)\s*:\s*(.*?)\s*-->\s*$/;

/** Reads `<!-- run: ... -->`; a word it does not know is an error, since it would be a check that silently checks nothing. */
function directiveOf(kind: string, text: string, line: number): Directive {
  if (kind === 'not run') {
    if (text === '') throw new Error(`line ${line}: "not run" needs a reason: <!-- not run: needs a GPU -->`);
    return { continues: false, notRun: text };
  }
  let directive: Directive = { continues: false };
  for (const word of text.split(/[\s,]+/).filter(Boolean)) {
    const [key, value] = word.split('=');
    if (key === 'setup' && value) directive = { ...directive, setup: value };
    else if (word === 'continues') directive = { ...directive, continues: true };
    else throw new Error(`line ${line}: unknown word "${word}"; known are setup=NAME and continues`);
  }
  return directive;
}

export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let directive: Directive | undefined;
  let open: { fence: string; indent: number; language: string; line: number; code: string[] } | undefined;

  for (const [index, text] of markdown.split('\n').entries()) {
    const line = index + 1;
    if (open) {
      if (text.trim().startsWith(open.fence) && text.trim().replaceAll(open.fence[0] ?? '', '') === '') {
        blocks.push({
          line: open.line,
          language: open.language,
          code: open.code.join('\n'),
          ...(directive ?? { continues: false }),
        });
        [open, directive] = [undefined, undefined];
      } else {
        const indented = text.slice(0, open.indent).trim() === '' ? text.slice(open.indent) : text;
        open.code.push(indented);
      }
      continue;
    }
    const comment = COMMENT.exec(text);
    const fence = FENCE.exec(text);
    if (comment) {
      if (directive) throw new Error(`line ${line}: the comment before this one belongs to no block`);
      directive = directiveOf(comment[1] ?? '', comment[2] ?? '', line);
    } else if (fence) {
      open = {
        fence: fence[2] ?? '',
        indent: fence[1]?.length ?? 0,
        language: fence[3]?.toLowerCase() ?? '',
        line,
        code: [],
      };
    } else if (text.trim() !== '' && directive) {
      throw new Error(`line ${line}: the comment before this line must stand before a code block`);
    }
  }
  if (open) throw new Error(`line ${open.line}: the code block is never closed`);
  if (directive) throw new Error('the last comment belongs to no block');
  return blocks;
}

export type Kind = 'program' | 'commands' | 'text';

const KINDS: Record<Kind, readonly string[]> = {
  program: ['ts', 'typescript', 'js', 'javascript', 'mjs'],
  commands: ['sh', 'bash', 'shell', 'console'],
  text: ['text', 'json', 'yaml', 'html', 'csv', 'mermaid', 'diff'],
};

/** What is done with a block of this language; `undefined` for a language that nobody has decided on. */
export function kindOf(language: string): Kind | undefined {
  return (Object.keys(KINDS) as Kind[]).find((kind) => KINDS[kind].includes(language));
}

/** The program of a block: with the blocks it continues, in order. */
export function programOf(blocks: readonly Block[], block: Block): { code: string; setup?: string } {
  if (!block.continues) return { code: block.code, ...(block.setup === undefined ? {} : { setup: block.setup }) };
  const earlier = blocks
    .slice(0, blocks.indexOf(block))
    .findLast((one) => kindOf(one.language) === 'program' && !one.notRun);
  if (!earlier) throw new Error(`line ${block.line}: there is no block to continue`);
  const before = programOf(blocks, earlier);
  return { ...before, code: `${before.code}\n${block.code}` };
}
