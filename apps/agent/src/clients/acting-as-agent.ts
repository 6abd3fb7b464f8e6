import type { Actor } from '@gimbal/contracts';

/** For whom the agent calls when it carries out an action: itself. Who approved it stands with the action, under the decision id. */
export const ACTING_AS_AGENT: Actor = { id: 'service:agent', name: 'agent', roles: ['operator'] };
