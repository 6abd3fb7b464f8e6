import { describeService, REFLECTION_METHODS, REFLECTION_SERVICES, type ServiceDefinition } from '@gimbal/contracts';
import { GRPC_STATUS, GrpcFailure } from './grpc-failure.js';
import type { GrpcMethod } from './grpc-method.js';
import { inflateMessage } from './message-encoding.js';

const { request: Request, response: Response } = REFLECTION_METHODS.ServerReflectionInfo;

/** One file for each service. */
interface DescribedFile {
  readonly name: string;
  readonly service: string;
  readonly bytes: Uint8Array;
}

const holds = ({ service }: DescribedFile, symbol: string): boolean =>
  symbol.startsWith(service.slice(0, service.lastIndexOf('.') + 1)); // its package

/** Server reflection (grpc/grpc, doc/server-reflection.md), v1 and v1alpha: so `grpcurl` and its like need no .proto. Open to everybody. */
export function reflectionMethods(services: readonly ServiceDefinition[]): ReadonlyMap<string, GrpcMethod> {
  const own = REFLECTION_SERVICES.map((name) => ({ name, methods: REFLECTION_METHODS }));
  const files = [...services, ...own].map((service): DescribedFile => {
    const name = `${service.name.replaceAll('.', '/')}.proto`;
    return { name, service: service.name, bytes: describeService(service, name) };
  });
  const find = (belongs: (file: DescribedFile) => boolean) => {
    const file = files.find(belongs);
    if (file) return { file_descriptor_response: { file_descriptor_proto: [file.bytes] } };
    return { error_response: { error_code: GRPC_STATUS.NOT_FOUND, error_message: 'Nothing of this name is here.' } };
  };
  const answer = (bytes: Uint8Array): Uint8Array => {
    const asked = Request.decode(bytes);
    const { file_by_filename: name, file_containing_symbol: symbol, list_services: list } = asked;
    const said = { valid_host: asked.host, original_request: asked };
    if (list !== undefined)
      return Response.encode({
        ...said,
        list_services_response: { service: files.map(({ service }) => ({ name: service })) },
      });
    if (symbol !== undefined) return Response.encode({ ...said, ...find((file) => holds(file, symbol)) });
    return Response.encode({ ...said, ...find((file) => file.name === name) });
  };
  const method: GrpcMethod = {
    kind: 'each',
    open:
      () =>
      async ({ bytes, encoding }) => {
        const plain = inflateMessage(bytes, encoding);
        try {
          return answer(plain);
        } catch {
          throw new GrpcFailure('INVALID_ARGUMENT', 'The message is no ServerReflectionRequest.');
        }
      },
  };
  return new Map(REFLECTION_SERVICES.map((name) => [`/${name}/ServerReflectionInfo`, method]));
}
