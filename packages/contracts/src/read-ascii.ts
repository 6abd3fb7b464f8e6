/** Up to so many characters go one by one, which is faster than a call of the platform; each makes a text of its own for the collector. */
const ONE_BY_ONE_MAX = 12;

/** Reads a text of plain ASCII, which is most texts, without a decoder. @returns undefined when it is not plain ASCII */
export function readAscii(bytes: Buffer, from: number, end: number): string | undefined {
  for (let at = from; at < end; at++) if ((bytes[at] ?? 0) > 127) return undefined;
  if (end - from > ONE_BY_ONE_MAX) return bytes.toString('latin1', from, end);
  let text = '';
  for (let at = from; at < end; at++) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}
