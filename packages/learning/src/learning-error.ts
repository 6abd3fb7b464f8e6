import { DomainError } from '@gimbal/domain';

/** What the kernel can refuse. Each word is stable; callers may translate it into their own error table. */
export type LearningErrorCode =
  | 'invalid-dataset'
  | 'too-few-rows'
  | 'unknown-algorithm'
  | 'invalid-hyperparameter'
  | 'feature-mismatch'
  | 'invalid-score'
  | 'invalid-argument'
  | 'cover-missing'
  | 'unreadable-model'
  | 'training-cancelled';

/**
 * The one error the kernel throws on purpose. `detail` names the offending column, parameter or row and holds no feature value.
 * Crossing a worker boundary turns it into a plain Error: post `code` and `detail` instead.
 */
export class LearningError extends DomainError<LearningErrorCode> {
  constructor(code: LearningErrorCode, detail: string) {
    super(code, detail);
    this.name = 'LearningError';
  }
}
