/** Ways that still work and will not for ever; the migration guide says what to write instead. */
const DEPRECATIONS = {
  GIMBAL_DEP0001:
    "new ExperimentManager('name') is deprecated: write new ExperimentManager({ experimentName: 'name' }).",
  GIMBAL_DEP0002: 'The option experiment_name is deprecated: write experimentName.',
} as const;

const told = new Set<keyof typeof DEPRECATIONS>();

/** Warns as Node does, once for each code in a process: `--trace-deprecation` and `--no-deprecation` mean what they always do. */
export function warnDeprecated(code: keyof typeof DEPRECATIONS): void {
  if (told.has(code)) return;
  told.add(code);
  process.emitWarning(DEPRECATIONS[code], { type: 'DeprecationWarning', code });
}
