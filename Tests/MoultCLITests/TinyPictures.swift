import Foundation

/// Ninety pictures of 2 by 2 pixels in three classes: an epoch takes no time, and none have to be drawn first.
enum TinyPictures {
  /// A network that fits them.
  static let model = "4-4-3"

  /// Writes them into a folder as MNIST's files are named.
  static func write(to folder: String) throws {
    let images = [UInt8]([0, 0, 8, 3, 0, 0, 0, 90, 0, 0, 0, 2, 0, 0, 0, 2])
    let labels = [UInt8]([0, 0, 8, 1, 0, 0, 0, 90])
    let pixels = (0..<90).flatMap { index in (0..<4).map { $0 == index % 3 ? UInt8(255) : UInt8(index) } }
    for part in ["train", "t10k"] {
      try Data(images + pixels).write(to: URL(fileURLWithPath: folder + "/\(part)-images-idx3-ubyte"))
      try Data(labels + (0..<90).map { UInt8($0 % 3) })
        .write(to: URL(fileURLWithPath: folder + "/\(part)-labels-idx1-ubyte"))
    }
  }
}
