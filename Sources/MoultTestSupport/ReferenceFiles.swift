import MoultCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The known answers in Tests/Reference, each made by a script in Scripts/reference.
public enum ReferenceFiles {
  /// The path of a file in Tests/Reference.
  public static func path(_ name: String, from here: String = #filePath) -> String {
    var folder = URL(filePath: here)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    return folder.appending(path: "Tests/Reference").appending(path: name).path
  }

  /// A file in Tests/Reference, decoded from JSON.
  public static func decode<T: Decodable>(_ type: T.Type, from name: String) throws -> T {
    try JSONDecoder().decode(type, from: Data(contentsOf: URL(filePath: path(name))))
  }
}

/// A tensor in one of them.
public struct ReferenceTensor: Decodable, Sendable {
  /// Its shape.
  public let shape: [Int]
  /// Its elements in row-major order.
  public let values: [Double]

  /// As Float64.
  public var tensor: Tensor { Tensor(values, shape: shape) }
}
