const ISO =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/;

/** Milliseconds since 1970 of an ISO-like date (without a zone: UTC); undefined when it is none or its order of day and month is open. */
export function parseTime(text: string): number | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [, year = '', month = '', day = '', time = '00:00', zone = 'Z'] = match;
  const clock = time.replace(',', '.').padStart(time.indexOf(':') === 1 ? time.length + 1 : time.length, '0');
  const place = zone === 'UTC' ? 'Z' : zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const value = Date.parse(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${clock}${place}`);
  return Number.isNaN(value) ? undefined : value;
}
