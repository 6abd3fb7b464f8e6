import type { PredictAnswer, PredictCall } from '@gimbal/contracts';

/** A shell around prediction: reads the calls of its routes and shows what was computed in its own form. */
export interface Protocol {
  /** Throws what the call is refused for; whoever took the call words that in the protocol's form. */
  answer(call: PredictCall): Promise<PredictAnswer>;
}
