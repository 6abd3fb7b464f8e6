/** Whether an error carries this `code`. Asks the value, not its class: Jest gives tests classes of their own. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
