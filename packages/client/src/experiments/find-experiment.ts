import type { GimbalClient } from '../gimbal-client.js';

/** The id of the experiment of exactly this name; undefined when there is none. */
export async function findExperiment(client: GimbalClient, name: string): Promise<string | undefined> {
  for await (const experiment of client.each('listExperiments', { query: { name } }))
    if (experiment.name === name) return experiment.id;
  return undefined;
}
