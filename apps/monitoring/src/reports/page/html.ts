/** Markup that is safe to send: everything that went into it was escaped, or is markup itself. */
export class SafeHtml {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template; null leaves nothing. */
export type Part = SafeHtml | string | number | null | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

const textOf = (part: Part): string => {
  if (part === null) return '';
  if (part instanceof SafeHtml) return part.text;
  if (Array.isArray(part)) return part.map(textOf).join('');
  return escapeText(String(part));
};

/** Template tag for HTML and SVG: what stands between the braces is escaped, unless it came from this tag itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): SafeHtml {
  return new SafeHtml(
    strings.reduce((text, piece, i) => text + piece + (i < parts.length ? textOf(parts[i] ?? null) : ''), ''),
  );
}
