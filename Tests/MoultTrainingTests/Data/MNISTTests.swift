import Foundation
import MoultCore
import MoultDownloads
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct MNISTTests {
  static let files: [(name: String, bytes: [UInt8])] = [
    ("train-images-idx3-ubyte", IDXTests.file(sizes: [3, 2, 2], values: (0..<12).map { UInt8($0 * 20) })),
    ("train-labels-idx1-ubyte", IDXTests.file(sizes: [3], values: [7, 0, 9])),
    ("t10k-images-idx3-ubyte", IDXTests.file(sizes: [1, 2, 2], values: [0, 51, 102, 255])),
    ("t10k-labels-idx1-ubyte", IDXTests.file(sizes: [1], values: [4])),
  ]

  private func withFiles(
    _ rename: (String) -> String = { $0 }, replacing replaced: [String: [UInt8]] = [:], _ body: (String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      for (name, bytes) in Self.files {
        let path = "\(folder)/\(rename(name))"
        let content = replaced[name] ?? bytes
        try place(path.hasSuffix(".gz") ? try Gzip.compress(content) : content, at: path)
      }
      try body(folder)
    }
  }

  @Test func aFolderOfFilesIsReadUnderEveryName() throws {
    for rename: (String) -> String in [
      { $0 }, { $0 + ".gz" }, { $0.replacing("-idx", with: ".idx") }, { $0.replacing("-idx", with: ".idx") + ".gz" },
    ] {
      try withFiles(rename) { folder in
        let data = try MNIST.load(from: folder)
        expectEqual(data.train.count, 3)
        expectEqual(data.train.labels, Tensor([7, 0, 9] as [Int32], shape: [3]))
        expectEqual(data.test.inputs, Tensor([0, 0.2, 0.4, 1] as [Float], shape: [1, 4]))
      }
    }
  }

  @Test func aMissingFileIsNamed() throws {
    try withFiles { folder in
      try FileManager.default.removeItem(atPath: folder + "/t10k-labels-idx1-ubyte")
      let error = try moultError { _ = try MNIST.load(from: folder) }
      expectEqual(error.exitCode, 66)
      expectTrue(error.message.contains("expected t10k-labels-idx1-ubyte in the folder"))
      expectEqual(error.location, folder)
    }
  }

  @Test(
    arguments: [
      ("train-labels-idx1-ubyte", IDXTests.file(sizes: [2], values: [1, 2]), "one byte for each of 3 labels"),
      ("train-labels-idx1-ubyte", IDXTests.file(type: 12, sizes: [0], values: []), "got int32 [0]"),
      ("train-images-idx3-ubyte", IDXTests.file(sizes: [3], values: [1, 2, 3]), "got uint8 [3]"),
      ("train-images-idx3-ubyte", IDXTests.file(sizes: [0, 2, 2], values: []), "got uint8 [0, 2, 2]"),
      ("train-images-idx3-ubyte", IDXTests.file(sizes: [4, 2, 2], values: [1]), "expected 16 bytes of values"),
      (
        "t10k-images-idx3-ubyte", IDXTests.file(sizes: [1, 4, 1], values: [1, 2, 3, 4]), "expected test images of 2 x 2"
      ),
    ] as [(String, [UInt8], String)])
  func filesThatDoNotFitAreRefused(name: String, bytes: [UInt8], message: String) throws {
    try withFiles(replacing: [name: bytes]) { folder in
      let error = try moultError { _ = try MNIST.load(from: folder) }
      expectTrue(error.message.contains(message), "\(error.message)")
      expectEqual(error.exitCode, 65)
    }
  }

  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["MOULT_TEST_DATA"] != nil, "needs a folder with the whole MNIST"))
  func theWholeSetIsTheOneWeKnow() throws {
    let folder = try unwrapped(ProcessInfo.processInfo.environment["MOULT_TEST_DATA"]) + "/mnist"
    let data = try MNIST.load(from: folder)
    expectEqual(data.train.inputs.shape, [60_000, 784])
    expectEqual(data.test.inputs.shape, [10_000, 784])
    for file in MNIST.remoteFiles {
      let packed = try contents("\(folder)/\(file.name).gz")
      let content = try Gzip.decompress(packed, limit: file.byteCount)
      expectEqual(content.count, file.byteCount)
      try expectEqual(sha256(content), file.sha256)
    }
    // And a mirror with these files is accepted.
    let server = try LoopbackServer(
      Dictionary(
        uniqueKeysWithValues: try MNIST.remoteFiles.map {
          ("/\($0.name).gz", LoopbackServer.Resource(body: try contents("\(folder)/\($0.name).gz")))
        }))
    defer { server.stop() }
    try withTemporaryFolder { cache in
      let path = try MNIST.download(to: cache + "/mnist", mirrors: [server.address])
      expectEqual(path, cache + "/mnist")
      try expectEqual(MNIST.load(from: path).test.labels, data.test.labels)
    }
  }
}
