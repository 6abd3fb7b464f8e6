import { DomainError } from '../errors/domain-error.js';

const SHOWN_MAX = 200;

/** What a search was refused for. The sentences are those of MLflow (`mlflow/utils/search_utils.py`), which its clients know. */
export const refuseSearch = (sentence: string): DomainError => new DomainError('validation-failed', sentence);

/** What was sent, cut to a length that a message can show. */
export const shown = (text: string): string => (text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text);

/** As Python prints a list of texts. */
export const listed = (texts: readonly string[]): string => texts.map((text) => `'${text}'`).join(', ');
