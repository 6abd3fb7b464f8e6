/** JSON that is written already, as PostgreSQL makes it. A page of runs is mostly that: to parse it and write it again costs more than to make it. */
export class WrittenJson {
  constructor(readonly text: string) {}
}

export const textOf = (value: unknown): string => (value instanceof WrittenJson ? value.text : JSON.stringify(value));

export function writeObject(members: object): WrittenJson {
  const texts = Object.entries(members).map(([name, value]) => `${JSON.stringify(name)}:${textOf(value)}`);
  return new WrittenJson(`{${texts.join(',')}}`);
}

export const writeList = (items: readonly unknown[]): WrittenJson =>
  new WrittenJson(`[${items.map(textOf).join(',')}]`);
