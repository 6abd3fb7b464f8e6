/**
 * One server-sent event (WHATWG HTML, 9.2).
 * @param data without line breaks
 * @param name undefined: `message`
 */
export const eventText = (data: string, name?: string): string =>
  `${name === undefined ? '' : `event: ${name}\n`}data: ${data}\n\n`;
