import Foundation
import MoultCore
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct ImageFolderTests {
  /// Runs `body` with a folder of copies: a path in it, and the known image that lies there; nil is a text.
  private static func withFolder<R>(_ files: [String: String?], _ body: (String) throws -> R) throws -> R {
    try withTemporaryFolder { folder throws in
      for (path, image) in files {
        let target = URL(fileURLWithPath: folder + "/" + path)
        try FileManager.default.createDirectory(
          at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try place(image.map { try contents(reference("images/" + $0)) } ?? Array("text".utf8), at: target.path)
      }
      return try body(folder)
    }
  }

  @Test func aFolderWithoutImagesIsNone() throws {
    try Self.withFolder(["a/notes.txt": nil, "1.png": "gray.png", "a/b/1.png": "gray.png"]) { folder throws in
      try expectNil(ImageFolder(folder))
    }
    try expectEqual(moultError { _ = try ImageFolder("/no/such/folder") }.exitCode, 66)
  }

  @Test func classesAreSortedByName() throws {
    try Self.withFolder(["b/1.png": "gray.png", "B/1.JPG": "gray.jpg", "a/1.jpeg": "gray.jpg", ".c/1.png": "gray.png"])
    { folder throws in
      try expectEqual(ImageFolder(folder)?.classNames, ["B", "a", "b"])
    }
  }

  @Test func foldersCalledTrainWithImagesInThemAreAClass() throws {
    try Self.withFolder(["train/1.png": "gray.png", "bus/1.png": "gray.png"]) { folder throws in
      try expectEqual(ImageFolder(folder)?.classNames, ["bus", "train"])
    }
  }

  @Test func oneClassIsRefused() throws {
    try Self.withFolder(["a/1.png": "gray.png", "b/notes.txt": nil]) { folder throws in
      let error = try moultError { _ = try ImageFolder(folder) }
      expectTrue(error.message.contains("two classes or more, got a alone"))
      expectEqual(error.exitCode, 65)
    }
  }

  @Test func aClassOfTheTestPartThatIsNotLearnedIsRefused() throws {
    let files = ["train/a/1.png": "gray.png", "train/b/1.png": "gray.png", "test/c/1.png": "gray.png"]
    try Self.withFolder(files) { folder throws in
      try expectTrue(moultError { _ = try ImageFolder(folder) }.message.contains("in train too, got \"c\""))
    }
  }

  #if !Images
    @Test func withoutTheTraitItSaysHowToBuildWithIt() throws {
      try Self.withFolder(["a/1.png": "gray.png", "b/1.png": "gray.png"]) { folder throws in
        let error = try moultError { _ = try ImageFolder(folder)?.load() }
        expectEqual(error.exitCode, 64)
        expectTrue(error.message.contains("swift build -c release --traits Images"))
      }
    }
  #else
    @Test func grayImagesAreReadAsBytesInOrder() throws {
      let files: [String: String?] = [
        "b/2.png": "gray.png", "a/1.png": "bits.png", "a/2.png": "gray.png", "a/x.txt": nil,
      ]
      try Self.withFolder(files) { folder throws in
        let parts = try unwrapped(try ImageFolder(folder)).load()
        expectEqual(parts.train.labels, Tensor(labels: [0, 0, 1]))
        expectNil(parts.test)
        expectEqual(parts.classNames, ["a", "b"])
        expectEqual(parts.passedOver, ["1 file that is no image"])
        let known = try NPZArchive(reference("images/pixels.npz"))
        let expected = try ["bits.png", "gray.png", "gray.png"].flatMap { try known.read($0).scalars(as: UInt8.self) }
        expectEqual(parts.train.inputs, Tensor(expected.map { Float($0) / 255 }, shape: [3, 9, 13]))
      }
    }

    @Test func oneColorImageMakesAllOfThemColor() throws {
      let files = [
        "train/a/1.png": "gray.png", "train/b/1.jpg": "color.jpg", "test/b/1.png": "color.png",
        "other/1.png": "gray.png",
      ]
      try Self.withFolder(files) { folder throws in
        let parts = try unwrapped(try ImageFolder(folder)).load()
        expectEqual(parts.train.inputs.shape, [2, 9, 13, 3])
        expectEqual(parts.test?.inputs.shape, [1, 9, 13, 3])
        expectEqual(parts.test?.labels, Tensor(labels: [1]))
        expectEqual(parts.passedOver, ["1 folder that is no class"])
      }
    }

    @Test func sizesThatDifferAreRefusedUnlessOneIsGiven() throws {
      try Self.withFolder(["a/1.png": "gray.png", "b/1.png": "transparent.png"]) { folder throws in
        let images = try unwrapped(try ImageFolder(folder))
        let error = try moultError { _ = try images.load() }
        expectTrue(error.message.contains("expected 13x9 pixels as in \(folder)/a/1.png, got 3x1"))
        expectTrue(error.message.contains("--image-size 13x9"))
        expectEqual(error.location, folder + "/b/1.png")
        try expectEqual(images.load(size: PixelSize("4x2")).train.inputs.shape, [2, 2, 4, 3])
      }
    }

    @Test func aDamagedImageIsNamed() throws {
      try Self.withFolder(["a/1.png": "gray.png", "b/1.png": nil]) { folder throws in
        let error = try moultError { _ = try ImageFolder(folder)?.load() }
        expectEqual(error.location, folder + "/b/1.png")
        expectEqual(error.exitCode, 65)
      }
    }

    @Test func moreThanTheLimitIsRefusedBeforeItIsRead() throws {
      try Self.withFolder(["a/1.png": "gray.png", "b/1.png": "gray.png"]) { folder throws in
        let images = try unwrapped(try ImageFolder(folder))
        let all = try moultError { _ = try images.load(size: PixelSize("15x15"), limit: 400) }
        expectTrue(all.message.contains("at most 400 bytes of pixels, got 2 images of 15x15"), "\(all)")
        let one = try moultError { _ = try images.load(limit: 100) }
        expectTrue(one.message.contains("at most 100 bytes of pixels, got one of 13x9"), "\(one)")
      }
    }

    @Test func imagesOfABatchAreThoseInMemory() throws {
      let files: [String: String?] = [
        "train/a/1.png": "gray.png", "train/b/1.jpg": "color.jpg", "train/b/2.png": "gray.png",
        "test/b/1.png": "color.png",
      ]
      try Self.withFolder(files) { folder throws in
        let images = try unwrapped(try ImageFolder(folder))
        for size in [nil, PixelSize("4x2")] {
          let (opened, loaded) = (try images.open(size: size), try images.load(size: size))
          try expectSameBatches(opened.train, loaded.train)
          try expectSameBatches(try unwrapped(opened.test), try unwrapped(loaded.test))
          expectEqual(opened.train.prefetchedBatches, 2)
        }
        let (train, _) = try images.open()
        try place(Array("text".utf8), at: folder + "/train/b/2.png")
        _ = try train.batch(at: [0, 1])
        try expectEqual(moultError { _ = try train.batch(at: [1, 2]) }.location, folder + "/train/b/2.png")
      }
    }
  #endif
}
