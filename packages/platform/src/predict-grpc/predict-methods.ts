import {
  type CallHeaders,
  GRPC_ROUTES,
  INFERENCE_SERVICE,
  type PredictAnswer,
  type PredictCall,
  type PredictRouteDefinition,
  protobuf,
} from '@gimbal/contracts';
import type { SentMessage } from '../grpc/cut-messages.js';
import { GrpcFailure, toGrpcFailure, toGrpcStatus } from '../grpc/grpc-failure.js';
import type { AnswerMessage, GrpcCall, GrpcMethod } from '../grpc/grpc-method.js';
import type { Admitted, PredictCaller } from '../predict-http/predict-caller.js';
import { readTrafficKey } from '../predict-http/predict-request.js';

interface PredictMethodsOptions {
  /** Answers a call. @throws DomainError */
  readonly predict: (call: PredictCall) => Promise<PredictAnswer>;
  /** Key, role, rate limit. @throws DomainError as the door does */
  readonly admit: (caller: PredictCaller, role: PredictRouteDefinition['role']) => Admitted | Promise<Admitted>;
}

type GrpcRoute = keyof typeof GRPC_ROUTES;

const NO_QUERY: PredictCall['query'] = [];
const NO_PARAMS: PredictCall['params'] = {};
const NO_HEADERS: CallHeaders = {};
/** A `ModelStreamInferResponse` with its answer as the bytes that it is. */
const StreamAnswer = protobuf.message('ModelStreamInferResponse', {
  error_message: protobuf.one(1, protobuf.string),
  infer_response: protobuf.choice(2, protobuf.bytes),
});
const utf8 = new TextDecoder();

/** The methods of Open Inference: messages are handed on as the bytes that they are. */
export function predictMethods(options: PredictMethodsOptions): ReadonlyMap<string, GrpcMethod> {
  const methods = new Map<string, GrpcMethod>();
  for (const [name, { path, role }] of Object.entries<PredictRouteDefinition>(GRPC_ROUTES)) {
    const route = name as GrpcRoute; // the keys of a constant
    methods.set(path, {
      kind: 'one',
      open: (call) => {
        const admitted = options.admit(call, role);
        const answerAs = ({ key }: Admitted) => answerMessages(call, route, key?.id ?? '', options);
        return admitted instanceof Promise ? admitted.then(answerAs) : answerAs(admitted);
      },
    });
  }
  methods.set(`/${INFERENCE_SERVICE}/ModelStreamInfer`, { kind: 'each', open: (call) => answerStream(call, options) });
  return methods;
}

function answerMessages(
  call: GrpcCall,
  route: GrpcRoute,
  keyId: string,
  { predict }: PredictMethodsOptions,
): AnswerMessage {
  const { headers: metadata, requestId, deadlineMs } = call;
  const trafficKey = readTrafficKey(metadata);
  const { traceparent } = metadata;
  const carried: CallHeaders = typeof traceparent === 'string' ? { traceparent } : NO_HEADERS;
  return async ({ bytes: body, encoding }: SentMessage) => {
    const headers = encoding ? { ...carried, 'content-encoding': encoding } : carried;
    const timeLeftMs =
      deadlineMs === Number.POSITIVE_INFINITY ? undefined : Math.max(1, Math.ceil(deadlineMs - performance.now()));
    const answer = await predict({
      route,
      params: NO_PARAMS,
      query: NO_QUERY,
      trafficKey,
      keyId,
      requestId,
      timeLeftMs,
      headers,
      body,
    });
    if (answer.status === 200) return answer.body;
    throw new GrpcFailure(toGrpcStatus(answer.status), utf8.decode(answer.body), answer.retryAfterSeconds * 1_000);
  };
}

/** Every message is an inference of its own, counted and refused by itself; the stream goes on. */
async function answerStream(call: GrpcCall, options: PredictMethodsOptions): Promise<AnswerMessage> {
  const { role } = GRPC_ROUTES.grpcModelInfer;
  const { key } = await options.admit(call, role);
  const answer = answerMessages(call, 'grpcModelInfer', key?.id ?? '', options);
  let isFirst = true;
  return async (message) => {
    try {
      if (!isFirst) await options.admit(call, role);
      isFirst = false;
      return StreamAnswer.encode({ infer_response: await answer(message) });
    } catch (error) {
      const { failure, expected } = toGrpcFailure(error, call.requestId);
      if (!expected) throw error;
      return StreamAnswer.encode({ error_message: failure.message });
    }
  };
}
