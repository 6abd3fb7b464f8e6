import { DomainError } from '@gimbal/domain';
import { parse } from 'yaml';
import { z } from 'zod';

/** The file in a model's folder that says what it is (mlflow/models/model.py). */
export const ML_MODEL = 'MLmodel';
/** Such a file has some kilobytes; one with a long signature some hundred. */
export const ML_MODEL_BYTES_MAX = 4_194_304;
/** Aliases in YAML multiply what is read; MLflow writes none. */
const YAML_ALIASES_MAX = 100;

/** A column of a table, as MLflow's signature names it. */
export interface SignatureColumn {
  readonly name: string | null;
  /** `double`, `long`, `boolean`, `string`, …; `tensor` for one that is no column. */
  readonly type: string;
  readonly required: boolean;
}

/** What is read of an `MLmodel` file. */
export interface MlModel {
  /** Names of the flavours beside `python_function`, which every model has. */
  readonly flavors: readonly string[];
  /** The ONNX file's path in the folder; null for a model without that flavour. */
  readonly onnxFile: string | null;
  /** Null where the model was logged without a signature. */
  readonly inputs: readonly SignatureColumn[] | null;
}

const Column = z.looseObject({
  name: z.string().nullish(),
  type: z.string(),
  required: z.boolean().nullish(),
  optional: z.boolean().nullish(),
});
const Document = z.looseObject({
  flavors: z.record(z.string(), z.unknown()),
  signature: z.looseObject({ inputs: z.string().nullish() }).nullish(),
});
const OnnxFlavor = z.looseObject({ data: z.string() });

/** @throws DomainError `invalid-model-file` when the text is not such a file */
export function readMlModel(text: string): MlModel {
  const document = Document.safeParse(parseYaml(text));
  if (!document.success) throw new DomainError('invalid-model-file', 'The file MLmodel does not name any flavor.');
  const { flavors, signature } = document.data;
  const onnx = OnnxFlavor.safeParse(flavors['onnx']);
  return {
    flavors: Object.keys(flavors).filter((name) => name !== 'python_function'),
    onnxFile: onnx.success ? onnx.data.data : null,
    inputs: signature?.inputs ? readColumns(signature.inputs) : null,
  };
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: YAML_ALIASES_MAX });
  } catch {
    throw new DomainError('invalid-model-file', 'The file MLmodel is not YAML.'); // the parser's message quotes the file
  }
}

function readColumns(json: string): readonly SignatureColumn[] | null {
  const columns = z.array(Column).safeParse(parseJson(json)).data;
  return (
    columns?.map(({ name, type, required, optional }) => ({
      name: name ?? null,
      type,
      required: required ?? !optional,
    })) ?? null
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
