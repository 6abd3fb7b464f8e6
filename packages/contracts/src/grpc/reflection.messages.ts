import { bytes, choice, int32, many, message, one, string } from './protobuf.js';

/** grpc/grpc-proto, grpc/reflection/v1/reflection.proto; v1alpha, which older clients ask for, is the same under another name. */
export const REFLECTION_SERVICES = [
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
] as const;

const ExtensionRequest = message('ExtensionRequest', {
  containing_type: one(1, string),
  extension_number: one(2, int32),
});
const ServerReflectionRequest = message('ServerReflectionRequest', {
  host: one(1, string),
  file_by_filename: choice(3, string),
  file_containing_symbol: choice(4, string),
  file_containing_extension: choice(5, ExtensionRequest),
  all_extension_numbers_of_type: choice(6, string),
  list_services: choice(7, string),
});
const ServerReflectionResponse = message('ServerReflectionResponse', {
  valid_host: one(1, string),
  original_request: one(2, ServerReflectionRequest),
  file_descriptor_response: choice(4, message('FileDescriptorResponse', { file_descriptor_proto: many(1, bytes) })),
  list_services_response: choice(
    6,
    message('ListServiceResponse', { service: many(1, message('ServiceResponse', { name: one(1, string) })) }),
  ),
  error_response: choice(7, message('ErrorResponse', { error_code: one(1, int32), error_message: one(2, string) })),
});

export const REFLECTION_METHODS = {
  ServerReflectionInfo: { request: ServerReflectionRequest, response: ServerReflectionResponse, streams: 'both' },
} as const;
