import MoultCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The files with known results in Tests/Reference, which scripts in Scripts/reference have made.
public enum ReferenceFiles {
  /// Returns the path of a file in Tests/Reference.
  public static func path(_ name: String, from here: String = #filePath) -> String {
    var folder = URL(filePath: here)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    return folder.appending(path: "Tests/Reference").appending(path: name).path
  }

  /// Decodes a JSON file in Tests/Reference.
  public static func decode<T: Decodable>(_ type: T.Type, from name: String) throws -> T {
    try JSONDecoder().decode(type, from: Data(contentsOf: URL(filePath: path(name))))
  }
}

/// A tensor in a reference file.
public struct ReferenceTensor: Decodable, Sendable {
  /// The shape.
  public let shape: [Int]
  /// The elements in row-major order.
  public let values: [Double]

  /// The tensor in Float64.
  public var tensor: Tensor { Tensor(values, shape: shape) }
}
