import type { PredictAnswer, PredictCall } from '@gimbal/contracts';
import { refuse } from '../refuse.js';
import { eventText } from '../streams/event-text.js';
import type { PredictionStreams } from '../streams/prediction-streams.js';
import type { NamedModel, OpenInference } from './open-inference.js';
import { type OpenRequest, readRequest } from './read-request.js';
import { showInference } from './show-inference.js';

/** What follows its JSON as bytes has no place in a stream of text. */
function readTextRequest(call: PredictCall): OpenRequest {
  const request = readRequest(call);
  if (request.isBinary || request.outputs?.some(({ isBinary }) => isBinary))
    refuse('outputs', 'cannot be binary in a stream of events');
  return request;
}

/** `infer_stream` as MLServer has it: each event is the answer to an inference, of some of the rows. */
export class OpenInferenceStreams {
  /** @param inference which takes as many rows as a stream may have */
  constructor(
    private readonly inference: OpenInference,
    private readonly streams: PredictionStreams,
  ) {}

  answer(call: PredictCall, named: NamedModel): Promise<PredictAnswer> {
    return this.streams.answer(call, () => {
      const { read, show } = this.inference.prepare(() => ({ ...named, request: readTextRequest(call) }));
      return {
        read,
        show: (inferred, progress) => eventText(Buffer.from(showInference(show(inferred), progress).body).toString()),
      };
    });
  }
}
