/** The services that talk to each other, by the name that appears in logs, metrics, keys and `runtime.json`. */
export const SERVICE_NAMES = ['gateway', 'serving', 'training', 'registry', 'monitoring', 'agent'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];
