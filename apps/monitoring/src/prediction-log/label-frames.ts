import { ModelSignature } from '@gimbal/contracts';
import type { DatabaseTransaction } from '@gimbal/db';
import type { LabelFrame } from '@gimbal/domain';

/** What a version answers, and which one it is. */
export interface FramedVersion extends LabelFrame {
  readonly modelName: string;
  readonly version: number;
}

/**
 * What the versions answer, by their ids.
 * @throws ZodError when the registry stored something else than agreed
 */
export async function readFrames(
  tx: DatabaseTransaction,
  ids: ReadonlySet<string>,
): Promise<Map<string, FramedVersion>> {
  const versions = await tx.modelVersion.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, modelName: true, version: true, signature: true },
  });
  return new Map(
    versions.map(({ id, modelName, version, signature }) => {
      const { task, classes = [] } = ModelSignature.parse(signature);
      return [id, { modelName, version, task, classes }];
    }),
  );
}
