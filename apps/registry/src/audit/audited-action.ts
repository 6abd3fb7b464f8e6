/** What the registry tells the audit chain. */
export type AuditedAction =
  | 'model.version-registered'
  | 'model.imported'
  | 'model.manifest-signed'
  | 'model.promoted'
  | 'model.rolled-back'
  | 'model.promotion-refused'
  | 'model.stage-set'
  | 'model.renamed'
  | 'model.deleted'
  | 'model.version-deleted'
  | 'alias.moved'
  | 'alias.removed'
  | 'traffic.changed'
  | 'threshold.adjusted'
  | 'dataset.version-added'
  | 'dataset.definition-corrected'
  | 'dataset.expectations-set'
  | 'promotion-policy.set'
  | 'retention.set'
  | 'model.version-reviewed'
  | 'webhook.created'
  | 'webhook.changed'
  | 'webhook.deleted';

/** How the audit chain names a version; null when it is about the whole model. */
export const auditSubject = (model: string, version: number | null): string =>
  version === null ? `model:${model}` : `model:${model}/version:${version}`;
