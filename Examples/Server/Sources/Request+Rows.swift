import Hummingbird
import Moult
import NIOCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The body of a request: `{"rows": [{"size": 84, "kind": "flat"}]}`.
private struct Question: Decodable {
  let rows: [[String: TableValue]]
}

extension Request {
  /// Returns the rows in the body.
  ///
  /// - Throws: Status 413 for more than `limit` bytes, 400 for a body that is not such JSON.
  func rows(limit: Int) async throws -> [[String: TableValue]] {
    do {
      let body = try await body.collect(upTo: limit)
      return try JSONDecoder().decode(Question.self, from: Data(body.readableBytesView)).rows
    } catch is NIOTooManyBytesError {
      throw HTTPError(.contentTooLarge, message: "expected at most \(limit) bytes; split the rows among requests")
    } catch let error as DecodingError {
      throw HTTPError(.badRequest, message: error.message)
    }
  }
}

extension DecodingError {
  /// The place in the body and what is wrong, such as `row 2: size: expected a number, ...`.
  fileprivate var message: String {
    let context: Context? =
      switch self {
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
        .dataCorrupted(let context):
        context
      @unknown default: nil
      }
    let path = (context?.codingPath ?? []).dropFirst().map { key in
      key.intValue.map { "row \($0 + 1)" } ?? key.stringValue
    }
    return (path + [context?.debugDescription ?? "\(self)"]).joined(separator: ": ")
  }
}
