import { type ColumnBlock, MISSING, NUMBER } from '../table-block.js';

/** A column that says which rows belong together: equal values get one number, a missing value one of its own. */
export class GroupBuilder {
  private readonly numbers = new Map<number, number>();
  private readonly texts = new Map<string, number>();
  private next = 0;

  fill(into: Int32Array, { kinds, numbers, texts }: ColumnBlock, rowCount: number): void {
    for (let row = 0; row < rowCount; row++) {
      const kind = kinds[row];
      if (kind === MISSING) into[row] = this.next++;
      else
        into[row] = kind === NUMBER ? this.codeOf(this.numbers, numbers[row]!) : this.codeOf(this.texts, texts[row]!);
    }
  }

  private codeOf<K>(codes: Map<K, number>, key: K): number {
    let code = codes.get(key);
    if (code === undefined) {
      code = this.next++;
      codes.set(key, code);
    }
    return code;
  }
}
