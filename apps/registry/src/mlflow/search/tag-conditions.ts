import { Prisma } from '@gimbal/db';
import type { SearchCondition } from '@gimbal/domain';
import { compareText } from './compare.js';

/** What a filter asks of an entry of a jsonb object. */
export const memberCondition = (members: Prisma.Sql, condition: SearchCondition): Prisma.Sql =>
  compareText(Prisma.sql`(${members} ->> ${condition.key}::text)`, condition);

const PROMPT_TAG = 'mlflow.prompt.is_prompt';

/** MLflow keeps prompts among the models and hides them unless a filter asks for prompts (`mlflow.prompt.is_prompt`). */
export function withoutPrompts(
  tags: Prisma.Sql,
  conditions: readonly SearchCondition[],
): { readonly asked: readonly SearchCondition[]; readonly hidden: Prisma.Sql } {
  const isPrompt = ({ kind, key }: SearchCondition): boolean => kind === 'tag' && key === PROMPT_TAG;
  const first = conditions.find(isPrompt);
  const value = String(first?.value).toLowerCase();
  const wantsPrompts = (first?.operator === '=' && value === 'true') || (first?.operator === '!=' && value === 'false');
  if (wantsPrompts) return { asked: conditions, hidden: Prisma.sql`TRUE` };
  return {
    asked: conditions.filter((condition) => !isPrompt(condition)),
    hidden: Prisma.sql`(${tags} ->> ${PROMPT_TAG}) IS DISTINCT FROM 'true'`,
  };
}
