import { createHash } from 'node:crypto';
import {
  type AnswerRoute,
  canonicalFeatures,
  encodeWire,
  type Features,
  nameFeatures,
  Receipt,
  type ReceiptKeys,
} from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { SigningKey } from '@gimbal/platform';
import { CompactSign } from 'jose';
import type { z } from 'zod';
import { RUNTIME } from '../inference/open-scorer.js';
import { SESSION_OPTIONS } from '../inference/scorer.js';
import type { Inferred, Receipts, SignReceipts } from '../predict/predict.service.js';
import { followPredictionId } from '../predict/prediction-id.js';

/** Of a row's values by name. */
export const hashFeatures = (features: Features): string =>
  createHash('sha256').update(canonicalFeatures(features)).digest('hex');

/** Signs what was answered, why, and by what. */
export class ReceiptIssuer implements Receipts {
  private key: Promise<SigningKey> | undefined;

  /** @param openKey asked when the first receipt or the keys are wanted; again after it failed */
  constructor(private readonly openKey: () => Promise<SigningKey>) {}

  /** The public half, for those who check. */
  async keys(): Promise<z.output<typeof ReceiptKeys>> {
    return { keys: [(await this.openOnce()).publicKey] };
  }

  async open(): Promise<SignReceipts> {
    const key = await this.openOnce();
    return (inferred, route) => sign(key, inferred, route);
  }

  private openOnce(): Promise<SigningKey> {
    this.key ??= this.openKey().catch((error: unknown) => {
      this.key = undefined;
      throw new DomainError('storage-failed', 'The key that receipts are signed with cannot be read.', {
        cause: error,
      });
    });
    return this.key;
  }
}

async function sign({ privateKey, publicKey }: SigningKey, inferred: Inferred, route: AnswerRoute): Promise<string[]> {
  const header = { alg: publicKey.alg, kid: publicKey.kid, typ: 'gimbal-receipt+jws' };
  const rows = Array.from({ length: inferred.read.count }, (_, row) => describeRow(inferred, row, route));
  return Promise.all(
    rows.map((row) =>
      new CompactSign(Buffer.from(JSON.stringify(encodeWire(Receipt, row))))
        .setProtectedHeader(header)
        .sign(privateKey),
    ),
  );
}

function describeRow({ version, read, logged, decisions }: Inferred, row: number, route: AnswerRoute): Receipt {
  const { definition, graph } = version;
  const width = read.values.length / read.count;
  const values = read.values.subarray(row * width, (row + 1) * width);
  const probability = decisions.probabilities[row] ?? Number.NaN;
  return {
    predictionId: followPredictionId(logged.firstId, row),
    modelName: definition.modelName,
    modelVersion: definition.modelVersion,
    modelVersionId: definition.modelVersionId,
    modelSha256: graph.digest,
    inputSha256: hashFeatures(nameFeatures(definition, { values, texts: read.texts[row] ?? [] })),
    prediction: decisions.predictions[row] ?? 0,
    probability: Number.isNaN(probability) ? null : probability,
    threshold: definition.threshold,
    route,
    runtime: RUNTIME,
    options: optionsShown(),
    issuedAt: new Date().toISOString(),
  };
}

/** The runtime's options, as far as they are plain values. */
function optionsShown(): Receipt['options'] {
  const shown: Receipt['options'] = {};
  for (const [name, value] of Object.entries(SESSION_OPTIONS))
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') shown[name] = value;
  return shown;
}
