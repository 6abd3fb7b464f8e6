import type { OnnxHeader } from './read-onnx-header.js';
import { IR_VERSION_MAX, OPERATOR_SET_MAX, RUNTIME, RUNTIME_OPERATORS } from './runtime-operators.js';
import { shownName } from './show-in-message.js';

/** Operators named in a refusal; more would hide what to do. */
const SHOWN_MAX = 10;

const shownDomain = (domain: string): string => (domain === '' ? 'ai.onnx' : shownName(domain));

/** Operators that come in a library of their own, which has to be loaded into the runtime. */
const EXTENSIONS = 'ai.onnx.contrib';

function findUnknown({ operators }: OnnxHeader): readonly (readonly [domain: string, name: string])[] {
  return [...operators].flatMap(([domain, names]) => {
    const known = RUNTIME_OPERATORS.get(domain);
    return [...names].filter((name) => !known?.has(name)).map((name) => [domain, name] as const);
  });
}

/** Finds operators, operator sets and forms of the file that the runtime of serving does not have, and says how to do without. */
export function checkOperators(header: OnnxHeader): readonly string[] {
  const faults: string[] = [];
  if (header.irVersion > IR_VERSION_MAX)
    faults.push(
      `its IR version is ${header.irVersion}, ${RUNTIME} reads up to ${IR_VERSION_MAX}: export it with target_opset=17, or set model.ir_version = 8`,
    );
  for (const [domain, newest] of OPERATOR_SET_MAX) {
    const version = header.operatorSets.get(domain) ?? 0;
    if (version > newest)
      faults.push(
        `it uses operator set ${version} of ${shownDomain(domain)}, ${RUNTIME} has up to ${newest}: export it with target_opset={"": 17, "ai.onnx.ml": 3}`,
      );
  }
  const unknown = findUnknown(header);
  if (unknown.length === 0) return faults;
  const shown = unknown.slice(0, SHOWN_MAX).map(([domain, name]) => `${shownDomain(domain)}:${shownName(name)}`);
  if (unknown.length > SHOWN_MAX) shown.push(`${unknown.length - SHOWN_MAX} more`);
  const remedy = unknown.some(([domain]) => domain === EXTENSIONS)
    ? 'these come with onnxruntime-extensions, which serving does not load: do their step before the call and export the rest'
    : 'export it with operators of ai.onnx, ai.onnx.ml or com.microsoft, or define them in the file as functions';
  faults.push(`it uses operators that ${RUNTIME} does not have (${shown.join(', ')}): ${remedy}`);
  return faults;
}
