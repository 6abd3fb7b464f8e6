/** What monitoring tells the audit chain: it measures, and the only things it changes that somebody has to answer for are alerts. */
export type AuditedAction = 'alert.raised' | 'alert.acknowledged' | 'alert.resolved';
