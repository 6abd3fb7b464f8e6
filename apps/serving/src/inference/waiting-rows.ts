/** The rows that wait for all models together, so that none can fill the memory of all. */
export class WaitingRows {
  private total = 0;

  constructor(private readonly rowsMax: number) {}

  /** @param own rows of the same model that wait already: beyond the total, a model for which none wait may still take some */
  hasRoom(rows: number, own: number): boolean {
    return own === 0 || this.total + rows <= this.rowsMax;
  }

  add(rows: number): void {
    this.total += rows;
  }
}
