import { createRequire } from 'node:module';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { SessionOptions } from './session-host.js';

/** What of a session runs rows. */
export interface RunnableSession {
  readonly outputNames: readonly string[];
  /** @throws Error when the run fails */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    outputs: readonly string[],
  ): Promise<InferenceSession.OnnxValueMapType> | InferenceSession.OnnxValueMapType;
  release(): Promise<void>;
}

/** The only version whose native part was looked at. */
const KNOWN_VERSION = '1.30.0';

interface NativeSession {
  readonly outputMetadata: readonly { readonly name: string }[];
  loadModel(buffer: ArrayBufferLike, byteOffset: number, byteLength: number, options: SessionOptions): void;
  run(feeds: object, fetches: Readonly<Record<string, null>>, options: object): Record<string, Tensor>;
  dispose(): void;
}
interface NativeBinding {
  readonly binding: { readonly InferenceSession: new () => NativeSession };
  readonly initOrt: () => void;
}

function findBinding(): NativeBinding | null {
  const require = createRequire(import.meta.url);
  try {
    const { version } = require('onnxruntime-node/package.json') as { readonly version?: unknown }; // of whatever is installed
    return version === KNOWN_VERSION ? (require('onnxruntime-node/dist/binding.js') as NativeBinding) : null; // as that version has it
  } catch {
    return null;
  }
}

/**
 * A session whose runs begin at once and are over when they return. `InferenceSession.run` first waits for a turn of the event loop, which a
 * caller that gathers its batch by turns has waited for already; on small models that wait is a sixth of a request.
 *
 * @returns null when the installed runtime is not the one whose native part is known here: then `InferenceSession` does
 * @throws Error when the runtime cannot load the file
 */
export function openDirectSession(bytes: Uint8Array, options: SessionOptions): RunnableSession | null {
  const found = findBinding();
  if (!found) return null;
  found.initOrt();
  const native = new found.binding.InferenceSession();
  native.loadModel(bytes.buffer, bytes.byteOffset, bytes.byteLength, options);
  const fetches = new Map<string, Readonly<Record<string, null>>>();
  const fetchesOf = (outputs: readonly string[]): Readonly<Record<string, null>> => {
    const key = outputs.join('\n');
    let wanted = fetches.get(key);
    if (!wanted) {
      wanted = Object.fromEntries(outputs.map((name) => [name, null]));
      fetches.set(key, wanted);
    }
    return wanted;
  };
  return {
    outputNames: native.outputMetadata.map(({ name }) => name),
    run: (feeds, outputs) => native.run(feeds, fetchesOf(outputs), {}),
    release: async () => native.dispose(),
  };
}
