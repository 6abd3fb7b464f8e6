import { DomainError } from '@gimbal/domain';

type Code = 'service-unavailable' | 'timeout' | 'overloaded';

/** An item that got no answer. */
export class UnansweredError extends DomainError<Code> {
  /** False: it never left, so nobody has worked on it. True: somebody may have, and whether is not known. */
  readonly wasSent: boolean;

  private constructor(code: Code, detail: string, wasSent: boolean) {
    super(code, detail);
    this.wasSent = wasSent;
  }

  static unsent(code: Code, detail: string): UnansweredError {
    return new UnansweredError(code, detail, false);
  }

  static sent(code: Code, detail: string): UnansweredError {
    return new UnansweredError(code, detail, true);
  }
}
