import {
  bool,
  bytes,
  choice,
  type Field,
  int32,
  type MessageType,
  many,
  message,
  one,
  type ProtobufType,
  string,
} from './protobuf.js';

/** One gRPC service, as the tools of its callers learn it by reflection. */
export interface ServiceDefinition {
  /** `package.Service`. */
  readonly name: string;
  readonly methods: Readonly<Record<string, MethodDefinition>>;
}

interface MethodDefinition {
  readonly request: MessageType<unknown, never>;
  readonly response: MessageType<unknown, never>;
  /** Whether only the answers, or both sides, are as many messages as it takes. */
  readonly streams?: 'answers' | 'both';
}

/* protocolbuffers/protobuf, src/google/protobuf/descriptor.proto, as far as it is needed; what can nest is written as bytes. */
const FieldDescriptor = message('FieldDescriptorProto', {
  name: one(1, string),
  number: one(3, int32),
  label: one(4, int32),
  type: one(5, int32),
  type_name: one(6, string),
});
const Descriptor = message('DescriptorProto', {
  name: one(1, string),
  field: many(2, FieldDescriptor),
  nested_type: many(3, bytes),
  enum_type: many(4, bytes),
  options: one(7, message('MessageOptions', { map_entry: one(7, bool) })),
});
const EnumDescriptor = message('EnumDescriptorProto', {
  name: one(1, string),
  value: many(2, bytes),
});
/** Its zero is written, too: a value must have a number. */
const EnumValue = message('EnumValueDescriptorProto', { name: one(1, string), number: choice(2, int32) });
const MethodDescriptor = message('MethodDescriptorProto', {
  name: one(1, string),
  input_type: one(2, string),
  output_type: one(3, string),
  client_streaming: one(5, bool),
  server_streaming: one(6, bool),
});
const FileDescriptor = message('FileDescriptorProto', {
  name: one(1, string),
  package: one(2, string),
  message_type: many(4, bytes),
  enum_type: many(5, bytes),
  service: many(6, message('ServiceDescriptorProto', { name: one(1, string), method: many(2, MethodDescriptor) })),
  syntax: one(12, string),
});

const TYPE_NUMBERS: Readonly<Record<string, number>> = {
  double: 1,
  float: 2,
  int64: 3,
  uint64: 4,
  int32: 5,
  bool: 8,
  string: 9,
  bytes: 12,
  uint32: 13,
};
const [TYPE_MESSAGE, TYPE_ENUM] = [11, 14];
const [OPTIONAL, REPEATED] = [1, 3];

const lastOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
const entryName = (field: string): string =>
  `${field.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}Entry`;

/** Writes the types of one package; a type `Outer.Inner` stands in `Outer`. */
class FileWriter {
  private readonly types = new Map<string, ProtobufType<unknown, unknown>>();

  constructor(private readonly packageName: string) {}

  /** Takes a message and everything that its fields need. */
  add(type: ProtobufType<unknown, unknown>): void {
    const { definition, name } = type;
    if (!definition || this.types.has(name)) return;
    this.types.set(name, type);
    if ('fields' in definition) for (const field of Object.values(definition.fields)) this.add(field.type);
  }

  /** Those that stand in `outer`; in none when it is empty. */
  describe(outer: string): { readonly messages: Uint8Array[]; readonly enums: Uint8Array[] } {
    const messages: Uint8Array[] = [];
    const enums: Uint8Array[] = [];
    for (const [name, { definition }] of this.types) {
      if (name !== (outer === '' ? lastOf(name) : `${outer}.${lastOf(name)}`)) continue;
      if (definition && 'values' in definition)
        enums.push(
          EnumDescriptor.encode({
            name: lastOf(name),
            value: Object.entries(definition.values).map(([value, number]) =>
              EnumValue.encode({ name: value, number }),
            ),
          }),
        );
      else if (definition) messages.push(this.describeMessage(name, definition.fields));
    }
    return { messages, enums };
  }

  nameOf(type: string): string {
    return `.${this.packageName}.${type}`;
  }

  private describeMessage(name: string, fields: Readonly<Record<string, Field<unknown, unknown>>>): Uint8Array {
    const { messages, enums } = this.describe(name);
    const entries = Object.entries(fields)
      .filter(([, { label }]) => label === 'map')
      .map(([field, { type }]) => this.describeEntry(field, type));
    return Descriptor.encode({
      name: lastOf(name),
      field: Object.entries(fields).map(([field, { number, label, type }]) => ({
        name: field,
        number,
        label: label === 'many' || label === 'map' ? REPEATED : OPTIONAL,
        ...(label === 'map'
          ? { type: TYPE_MESSAGE, type_name: this.nameOf(`${name}.${entryName(field)}`) }
          : this.typeOf(type)),
      })),
      nested_type: [...messages, ...entries],
      enum_type: enums,
    });
  }

  private describeEntry(field: string, value: ProtobufType<unknown, unknown>): Uint8Array {
    return Descriptor.encode({
      name: entryName(field),
      field: [
        { name: 'key', number: 1, label: OPTIONAL, type: TYPE_NUMBERS['string'] },
        { name: 'value', number: 2, label: OPTIONAL, ...this.typeOf(value) },
      ],
      options: { map_entry: true },
    });
  }

  private typeOf({ name, definition }: ProtobufType<unknown, unknown>) {
    if (!definition) return { type: TYPE_NUMBERS[name] };
    return { type: 'fields' in definition ? TYPE_MESSAGE : TYPE_ENUM, type_name: this.nameOf(name) };
  }
}

/** A `FileDescriptorProto` with one service and all that it says. @param file its name */
export function describeService({ name, methods }: ServiceDefinition, file: string): Uint8Array {
  const packageName = name.slice(0, name.lastIndexOf('.'));
  const writer = new FileWriter(packageName);
  for (const { request, response } of Object.values(methods)) {
    writer.add(request);
    writer.add(response);
  }
  const { messages, enums } = writer.describe('');
  return FileDescriptor.encode({
    name: file,
    package: packageName,
    message_type: messages,
    enum_type: enums,
    service: [
      {
        name: lastOf(name),
        method: Object.entries(methods).map(([method, { request, response, streams }]) => ({
          name: method,
          input_type: writer.nameOf(request.name),
          output_type: writer.nameOf(response.name),
          client_streaming: streams === 'both',
          server_streaming: streams !== undefined,
        })),
      },
    ],
    syntax: 'proto3',
  });
}
