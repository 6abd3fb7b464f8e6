/** One claim of the story: what is said, whether it held when it was read back, and what showed it. */
export interface Claim {
  readonly number: number;
  readonly statement: string;
  readonly holds: boolean;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** Collects the claims and tells the story while it happens. */
export class Story {
  readonly claims: Claim[] = [];
  private readonly begun = Date.now();

  constructor(
    private readonly print: (text: string) => void,
    private readonly isTerminal: boolean,
  ) {}

  get seconds(): number {
    return (Date.now() - this.begun) / 1000;
  }

  chapter(title: string): void {
    this.print(`\n${title}`);
  }

  tell(text: string): void {
    this.print(`  ${text}`);
  }

  /** A long step's state on one line that is rewritten; silent when nobody watches. */
  progress(text: string): void {
    if (this.isTerminal) process.stdout.write(`\r\u001b[K  ${text} (${this.seconds.toFixed(0)} s)`);
  }

  endProgress(): void {
    if (this.isTerminal) process.stdout.write('\r\u001b[K');
  }

  claim(claim: Claim): void {
    this.claims.push(claim);
    this.print(`  ${claim.holds ? '✓' : '✗'} ${claim.number}. ${claim.statement}`);
    if (!claim.holds) this.print(`    what was read back: ${JSON.stringify(claim.evidence)}`);
  }
}
