/** Injects the parsed configuration of the service: `@Inject(CONFIG) config: ServiceConfig<typeof ...>`. */
export const CONFIG = Symbol('gimbal:config');
/** Injects the pino logger of the service, for work outside of requests. */
export const LOGGER = Symbol('gimbal:logger');
/** Injects the name of the service. */
export const SERVICE_NAME = Symbol('gimbal:service-name');
