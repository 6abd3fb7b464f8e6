/** Markup that may be sent as it is: every text in it was escaped when it was put in. */
export class Markup {
  constructor(readonly source: string) {}
}

/** What a template takes: texts are escaped, markup is kept, null leaves nothing. */
export type Content = Markup | string | number | null | readonly Content[];

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['&', '&amp;'],
  ["'", '&#39;'],
  ['"', '&quot;'],
]);

function write(content: Content): string {
  if (content instanceof Markup) return content.source;
  if (content === null) return '';
  if (typeof content === 'object') return content.map(write).join('');
  return String(content).replace(/[<>&'"]/g, (sign) => ESCAPES.get(sign) ?? '');
}

/** Template tag for HTML and SVG. */
export function markup(texts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const pieces = texts.map((text, i) => (i === 0 ? text : write(contents[i - 1]!) + text));
  return new Markup(pieces.join(''));
}
