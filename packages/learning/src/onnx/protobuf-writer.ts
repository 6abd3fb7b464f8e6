/**
 * Writes the protocol-buffers wire format (protobuf.dev/programming-guides/encoding): only what ONNX needs. Fields come out
 * in the order they are written, so the same calls give the same bytes.
 */
export class ProtobufWriter {
  private buffer = new Uint8Array(1 << 10);
  private size = 0;

  /** An integer field. Negative numbers take ten bytes, as int32 and int64 prescribe. */
  integer(field: number, value: number): this {
    this.varint(field * 8);
    this.varint(value);
    return this;
  }

  float(field: number, value: number): this {
    this.varint(field * 8 + 5);
    this.reserve(4);
    new DataView(this.buffer.buffer).setFloat32(this.size, value, true);
    this.size += 4;
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.varint(field * 8 + 2);
    this.varint(value.length);
    this.reserve(value.length);
    this.buffer.set(value, this.size);
    this.size += value.length;
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** A nested message, written by `fill`. */
  message(field: number, fill: (writer: ProtobufWriter) => void): this {
    const nested = new ProtobufWriter();
    fill(nested);
    return this.bytes(field, nested.finish());
  }

  packedFloats(field: number, values: ArrayLike<number>): this {
    const packed = new Uint8Array(4 * values.length);
    const view = new DataView(packed.buffer);
    for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i]!, true);
    return this.bytes(field, packed);
  }

  /** Numbers up to 2^53 in magnitude, or bigints of 64 bits. */
  packedIntegers(field: number, values: ArrayLike<number | bigint>): this {
    const packed = new ProtobufWriter();
    for (let i = 0; i < values.length; i++) packed.varint(values[i]!);
    return this.bytes(field, packed.finish());
  }

  /** What was written so far. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.size);
  }

  private varint(value: number | bigint): void {
    this.reserve(10);
    if (typeof value === 'bigint' || value < 0) {
      let rest = BigInt.asUintN(64, BigInt(value));
      for (; rest > 127n; rest >>= 7n) this.buffer[this.size++] = Number(rest & 127n) | 128;
      this.buffer[this.size++] = Number(rest);
      return;
    }
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.buffer[this.size++] = (rest % 128) | 128;
    this.buffer[this.size++] = rest;
  }

  private reserve(count: number): void {
    if (this.size + count <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.size + count));
    larger.set(this.buffer.subarray(0, this.size));
    this.buffer = larger;
  }
}
