/// Creates the records of a TensorBoard event file: `Event` messages in TFRecord frames.
///
/// A frame consists of the length (8 bytes), the masked CRC-32C of the length (4), the message, and its masked CRC-32C
/// (4), all little-endian.
///
/// - Source: [tf_record](https://www.tensorflow.org/tutorials/load_data/tfrecord) for the frames, `event.proto` and
///   `summary.proto` of TensorBoard for the messages.
package enum EventFile {
  /// Returns the first record of a file, which holds the format version.
  ///
  /// - Parameter wallTime: The time, in seconds since 1970.
  package static func start(wallTime: Double) -> [UInt8] {
    var event = ProtobufWriter()
    event.field(Field.wallTime, wallTime)
    event.field(Field.fileVersion, version)
    return frame(event.bytes)
  }

  /// Returns a record of scalars at a step, in single precision as TensorBoard stores them.
  ///
  /// - Parameters:
  ///   - scalars: The tags and values.
  ///   - step: The training step or epoch.
  ///   - wallTime: The time, in seconds since 1970.
  package static func scalars(_ scalars: [(tag: String, value: Double)], step: Int, wallTime: Double) -> [UInt8] {
    var summary = ProtobufWriter()
    for (tag, number) in scalars {
      var value = ProtobufWriter()
      value.field(Field.tag, tag)
      value.field(Field.simpleValue, Float(number))
      summary.field(Field.value, value.bytes)
    }
    var event = ProtobufWriter()
    event.field(Field.wallTime, wallTime)
    event.field(Field.step, Int64(step))
    event.field(Field.summary, summary.bytes)
    return frame(event.bytes)
  }

  private static func frame(_ message: [UInt8]) -> [UInt8] {
    let length = littleEndianBytes(UInt64(message.count))
    return length + littleEndianBytes(CRC32C.masked(length)) + message + littleEndianBytes(CRC32C.masked(message))
  }

  /// The version of the event file format.
  static let version = "brain.Event:2"

  /// The field numbers in the messages `Event`, `Summary` and `Summary.Value`.
  enum Field {
    static let wallTime: UInt64 = 1
    static let step: UInt64 = 2
    static let fileVersion: UInt64 = 3
    static let summary: UInt64 = 5
    static let value: UInt64 = 1
    static let tag: UInt64 = 1
    static let simpleValue: UInt64 = 2
  }
}
