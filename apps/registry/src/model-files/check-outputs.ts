import type { Task } from '@gimbal/contracts';
import { ONNX_FLOAT, ONNX_INT64, ONNX_STRING, type OnnxHeader } from './read-onnx-header.js';
import type { ServedSignature } from './served-signature.js';
import { shownNames, shownShape } from './show-in-message.js';

/** An output that holds the answers of a task. */
interface AnswerOutput {
  readonly name: string;
  readonly columns: number;
}

/**
 * The outputs that serving takes a task's answers from: the first that a file has. Converters give a binary classifier one column per
 * class, of which serving takes the second, and call the value of a regression `variable`.
 */
function listAnswers({ task, classes = [] }: ServedSignature): readonly AnswerOutput[] {
  const answers: Readonly<Record<Task, readonly AnswerOutput[]>> = {
    'binary-classification': [
      { name: 'probability', columns: 1 },
      { name: 'probabilities', columns: 2 },
    ],
    'multiclass-classification': [{ name: 'probabilities', columns: classes.length }],
    'text-classification': [{ name: 'probabilities', columns: classes.length }],
    regression: [
      { name: 'value', columns: 1 },
      { name: 'variable', columns: 1 },
    ],
    'anomaly-detection': [{ name: 'score', columns: 1 }],
  };
  return answers[task];
}

/** How to export without maps, by the `producer_name` that converters write. */
const WITHOUT_ZIPMAP = {
  skl2onnx: 'convert_sklearn(model, ..., options={id(model): {"zipmap": False}}) with skl2onnx',
  OnnxMLTools: 'convert_lightgbm(model, ..., zipmap=False) with onnxmltools',
} as const;

function sayWithoutZipMap(producer: string): string {
  const { skl2onnx, OnnxMLTools } = WITHOUT_ZIPMAP;
  const how =
    producer === 'skl2onnx' || producer === 'OnnxMLTools' ? WITHOUT_ZIPMAP[producer] : `${skl2onnx}, ${OnnxMLTools}`;
  return `its outputs are maps (ZipMap), which serving cannot run. Export it again without: ${how}`;
}

/** Scores that scikit-learn exports are low for anomalies. */
const SCORE_HINT = ' (float32, in [0, 1], higher is stranger)';

function checkAnswer(header: OnnxHeader, signature: ServedSignature): readonly string[] {
  const answers = listAnswers(signature);
  const [wanted, output] =
    answers
      .map((answer) => [answer, header.outputs.find(({ name }) => name === answer.name)] as const)
      .find(([, found]) => found) ?? [];
  if (!wanted || !output) {
    const names = answers
      .map(({ name, columns }) => (columns === 1 ? name : `${name} [rows, ${columns}]`))
      .join(' or ');
    const hint = signature.task === 'anomaly-detection' ? SCORE_HINT : '';
    return [`it must have an output named ${names}${hint}; its outputs are: ${shownNames(header.outputs)}`];
  }
  const { name, columns } = wanted;
  if (output.elementType !== ONNX_FLOAT) return [`its output ${name} must be float32`];
  const sizes = output.shape?.slice(1);
  const isOne = (size: number | null): boolean => size === 1 || size === null;
  const fits = columns === 1 ? sizes?.every(isOne) : sizes?.length === 1 && (sizes[0] ?? columns) === columns;
  if (sizes === undefined || fits) return [];
  const perRow = columns === 1 ? 'one value per row' : `${columns} values per row`;
  return [`its output ${name} must hold ${perRow}; it has the shape ${shownShape(output)}`];
}

function checkLabel({ outputs }: OnnxHeader): readonly string[] {
  const label = outputs.find(({ name }) => name === 'label');
  if (!label) return [`it must have an output named label; its outputs are: ${shownNames(outputs)}`];
  if (label.elementType === ONNX_STRING)
    return [
      'its output label must be int64: train it on the numbers of the classes (0, 1, ...) instead of their names, and give the names in the signature',
    ];
  if (label.elementType !== ONNX_INT64) return ['its output label must be int64'];
  const perRow = label.shape?.slice(1).every((size) => size === 1 || size === null) ?? true;
  return perRow ? [] : [`its output label must hold one value per row; it has the shape ${shownShape(label)}`];
}

/** Finds what is wrong with the outputs of a file. */
export function checkOutputs(header: OnnxHeader, signature: ServedSignature): readonly string[] {
  if (header.operators.get('ai.onnx.ml')?.has('ZipMap') || header.outputs.some(({ kind }) => kind === 'other'))
    return [sayWithoutZipMap(header.producer)];
  return [...checkAnswer(header, signature), ...(signature.task === 'regression' ? [] : checkLabel(header))];
}
