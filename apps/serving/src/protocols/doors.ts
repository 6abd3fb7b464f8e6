/** Where calls come in. */
export interface Door {
  listen(): Promise<unknown>;
  /** Takes no more, answers what was taken, closes. */
  close(): Promise<void>;
}

/** All of them: opened one after the other, closed together. */
export class Doors {
  constructor(private readonly doors: readonly Door[]) {}

  async open(): Promise<void> {
    for (const door of this.doors) await door.listen();
  }

  async close(): Promise<void> {
    await Promise.all(this.doors.map((door) => door.close()));
  }
}
