/** Any method or function; what it takes and gives is kept by the decorators. */
// biome-ignore lint/suspicious/noExplicitAny: `this` and the arguments are the caller's own, and only passed on
export type Method = (this: any, ...args: any[]) => unknown;

/**
 * What can stand before a method, as a standard (TC39) decorator and as TypeScript's older `experimentalDecorators`, and be called with a
 * function: `trackMetric('x')(load)`.
 */
export interface MethodDecorator {
  <F extends Method>(method: F, context?: ClassMethodDecoratorContext): F;
  (target: object, name: string | symbol, descriptor: PropertyDescriptor): PropertyDescriptor;
}

/** Makes a decorator of a function that wraps functions. */
export function methodDecorator(wrap: (method: Method, name: string) => Method): MethodDecorator {
  const decorate = (...given: DecoratorArguments): unknown => {
    if (given.length === 3) {
      const [, name, descriptor] = given;
      return { ...descriptor, value: named(wrap(descriptor.value, String(name)), descriptor.value) };
    }
    const [method, context] = given;
    return named(wrap(method, String(context?.name ?? (method.name || 'function'))), method);
  };
  return decorate as MethodDecorator; // the two forms are told apart by their number of arguments
}

type DecoratorArguments =
  | [method: Method, context?: ClassMethodDecoratorContext]
  | [target: object, name: string | symbol, descriptor: PropertyDescriptor];

/** Stack traces and frameworks read the name and the number of parameters. */
function named(wrapped: Method, method: Method): Method {
  Object.defineProperty(wrapped, 'name', { value: method.name, configurable: true });
  return Object.defineProperty(wrapped, 'length', { value: method.length, configurable: true });
}

/** How a call went. */
export interface Outcome {
  readonly durationMs: number;
  /** Undefined when it went well. */
  readonly error: unknown;
  readonly failed: boolean;
}

/** Calls, and tells when it is over, which is later for a promise. The result and the failure are the call's own. */
export function observe(call: () => unknown, tell: (outcome: Outcome) => void): unknown {
  const begun = performance.now();
  const over = (failed: boolean, error?: unknown): void =>
    tell({ durationMs: performance.now() - begun, failed, error });
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    over(true, error);
    throw error;
  }
  if (!isPromise(result)) {
    over(false);
    return result;
  }
  return result.then(
    (value) => {
      over(false);
      return value;
    },
    (error: unknown) => {
      over(true, error);
      throw error;
    },
  );
}

export const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
