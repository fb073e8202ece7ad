import MoultCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The lines of a `metrics.jsonl` file, which are decoded one by one.
struct MetricsLines {
  /// The lines that end in a line break, without the line break.
  let complete: [ArraySlice<UInt8>]
  /// The text after the last line break.
  private let rest: ArraySlice<UInt8>
  private let location: String

  init(_ bytes: [UInt8], location: String) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    rest = lines.popLast() ?? []
    complete = lines
    self.location = location
  }

  /// The fields of a line that are not part of `EpochRecord`.
  private struct Kind: Decodable {
    let schema: Int
    let event: String
  }

  /// Decodes the record of one line.
  ///
  /// - Parameters:
  ///   - index: The index of the line in `complete`.
  ///   - previous: The record of the line before; epoch and step must be greater than in it.
  /// - Throws: An error of code `.badData` with the line number if the line is not valid.
  func record(at index: Int, after previous: EpochRecord?) throws(MoultError) -> EpochRecord {
    let data = Data(complete[index])
    let kind: Kind, record: EpochRecord
    do {
      kind = try JSONDecoder().decode(Kind.self, from: data)
      record = try JSONDecoder().decode(EpochRecord.self, from: data)
    } catch {
      throw failure(index, "expected a JSON object with the figures of an epoch", cause: Self.text(of: error))
    }
    guard kind.schema == 1, kind.event == "epoch" else {
      throw failure(
        index,
        "expected an epoch of schema 1, got \"\(kind.event.visible)\" of schema \(kind.schema); "
          + "was it written by another version of Moult?")
    }
    let last = previous.map { ($0.epoch, $0.steps) } ?? (0, 0)
    guard record.epoch > last.0, record.steps > last.1 else {
      throw failure(
        index,
        "expected an epoch after epoch \(last.0) and its step \(last.1), got epoch \(record.epoch) and step "
          + "\(record.steps); are these lines of several runs?")
    }
    return record
  }

  /// Throws an error of code `.badData` if the last line does not end in a line break.
  func requireEnd() throws(MoultError) {
    guard rest.isEmpty else {
      throw failure(complete.count, "expected the line to end in a line break; was the program stopped while it wrote?")
    }
  }

  /// Returns the number of bytes of the lines up to an epoch, without an incomplete last line.
  ///
  /// - Throws: An error of code `.badData` if one of these lines or the line after them is not valid.
  func byteCount(upToEpoch epoch: Int) throws(MoultError) -> Int {
    var count = 0
    var previous: EpochRecord?
    for index in complete.indices {
      let record = try record(at: index, after: previous)
      if record.epoch > epoch { break }
      count += complete[index].count + 1
      previous = record
    }
    return count
  }

  private func failure(_ index: Int, _ text: String, cause: String? = nil) -> MoultError {
    MoultError(.badData, "metrics: " + text, location: "\(location), line \(index + 1)", cause: cause)
  }

  private static func text(of error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "no \(key.stringValue)"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "\(context.codingPath.map(\.stringValue).joined(separator: ".").visible) is something else"
    default: "not JSON"
    }
  }
}
