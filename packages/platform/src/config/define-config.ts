import { z } from 'zod';
import type { Setting } from './setting.js';

/** Settings that belong together; the keys are the names used in code. */
export type SettingGroup = Readonly<Record<string, Setting>>;

/** A group and the promises that hold between its settings. */
export interface ConfigGroup<G extends SettingGroup = SettingGroup> {
  readonly title: string;
  readonly settings: G;
}

/** The whole configuration of a program: nested groups of settings. */
export type ConfigDefinition = Readonly<Record<string, ConfigGroup>>;

type GroupValue<G extends SettingGroup> = { readonly [K in keyof G]: z.output<G[K]['schema']> };

/** The parsed value of a definition: `{ http: { host, port }, ... }`. */
export type ConfigOf<D extends ConfigDefinition> = { readonly [K in keyof D]: GroupValue<D[K]['settings']> };

/** Names a group of settings; `title` is its heading in the documentation. */
export function configGroup<const G extends SettingGroup>(title: string, settings: G): ConfigGroup<G> {
  return { title, settings };
}

/** Names the groups that a program reads. Two groups may read one variable when they read it alike. */
export function defineConfig<const D extends ConfigDefinition>(definition: D): D {
  const seen = new Map<string, Setting>();
  for (const { settings } of Object.values(definition)) {
    for (const one of Object.values(settings)) {
      const other = seen.get(one.variable);
      if (other && (other.meta.kind !== one.meta.kind || other.meta.secret !== one.meta.secret))
        throw new Error(`The variable ${one.variable} is read in two ways.`);
      seen.set(one.variable, one);
    }
  }
  return definition;
}

/** Every mistake in the environment at once; `lines` are `NAME: message`, and no secret value is in them. */
export class ConfigError extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'ConfigError';
    this.lines = lines;
  }
}

const shown = (one: Setting, text: string): string => {
  if (one.meta.secret) return '';
  return ` (got "${text.length > 60 ? `${text.slice(0, 57)}...` : text}")`;
};

/**
 * Reads a configuration once. An empty or blank variable counts as absent.
 * @throws ConfigError with one line for each mistake, all of them at once.
 */
export function parseConfig<D extends ConfigDefinition>(
  definition: D,
  env: Readonly<Record<string, string | undefined>>,
): ConfigOf<D> {
  const lines: string[] = [];
  const result: Record<string, Record<string, unknown>> = {};
  for (const [groupName, { settings }] of Object.entries(definition)) {
    const group: Record<string, unknown> = {};
    result[groupName] = group;
    for (const [name, one] of Object.entries(settings)) {
      const text = env[one.variable]?.trim() || undefined;
      const parsed = one.schema.safeParse(text);
      if (parsed.success) group[name] = parsed.data;
      else if (text === undefined) lines.push(`${one.variable}: is required. ${one.meta.description}`);
      else lines.push(...parsed.error.issues.map((issue) => `${one.variable}: ${issue.message}${shown(one, text)}`));
    }
  }
  if (lines.length > 0) throw new ConfigError(lines);
  return result as ConfigOf<D>; // built key by key from the same definition
}

/** One line of the configuration reference. */
export interface ConfigRow {
  readonly group: string;
  readonly name: string;
  readonly type: string;
  /** `required`, `none` when absent is meaningful, else the default as text: '' for an empty collection. */
  readonly default: string;
  readonly unit: string | undefined;
  readonly description: string;
  readonly secret: boolean;
}

/** The text of a default. A map, a set or the like has none of its own; as a default it is the empty one. */
const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? '' : String(value);

/** The rows of the configuration reference, in the order of the definition. */
export function describeConfig(definition: ConfigDefinition): readonly ConfigRow[] {
  return Object.values(definition).flatMap(({ title, settings }) =>
    Object.values(settings).map(({ variable, schema, meta }): ConfigRow => {
      const absent = schema.safeParse(undefined);
      const fallback = !absent.success
        ? 'required'
        : absent.data === undefined || meta.secret
          ? 'none'
          : textOf(absent.data);
      return {
        group: title,
        name: variable,
        type: meta.kind,
        default: fallback,
        unit: meta.unit,
        description: meta.description,
        secret: meta.secret,
      };
    }),
  );
}
