import Moult
import MoultDownloads

/// The images for classifier studies, read on first use.
final class StudyDigits {
  private let options: StudyOptions
  private var loaded: DatasetPair?

  init(_ options: StudyOptions) { self.options = options }

  /// Returns the data. They are read at the first call.
  func load() throws(MoultError) -> DatasetPair {
    if let loaded { return loaded }
    let pair = try source().load(common: options.common)
    for (name, part) in [("training", pair.train), ("test", pair.test)] {
      let labels = part.labels.scalars(as: Int64.self)
      guard part.labels.dtype == .int32, part.storedInputs.shape.dropFirst().reduce(1, *) == ClassifierRecipe.inputSize,
        labels.allSatisfy({ (0..<Int64(ClassifierTraining.classCount)).contains($0) })
      else {
        throw MoultError(
          .badData,
          "\(name) images: expected \(ClassifierRecipe.inputSize) pixels and labels from 0 to "
            + "\(ClassifierTraining.classCount - 1), got \(part.storedInputs.shape) and labels from "
            + "\(labels.min() ?? 0) to \(labels.max() ?? 0)")
      }
    }
    loaded = pair
    return pair
  }

  /// Returns the source of the data: with `--quick` the bundled digits, otherwise all of MNIST, which is not downloaded
  /// here.
  private func source() throws(MoultError) -> DataSource {
    if let data = options.data { return try DataSource(data) }
    if options.isQuick { return .digits }
    let cache = try? MNISTCache.folder()
    guard let cache, MNISTCache.isComplete(cache) else {
      throw MoultError(
        .noInput,
        "expected MNIST, got none" + (cache.map { " in \($0)" } ?? "")
          + "; fetch it with 'moult data download mnist', or name a folder of its four files with --data, or try --quick"
      )
    }
    return .mnist
  }

  /// Returns a description of the data: the numbers of samples, and the beginning of the SHA-256 of all pixels and
  /// labels.
  func description() throws(MoultError) -> String {
    let data = try load()
    var hash = Fingerprint()
    for part in [data.train, data.test] {
      for tensor in [part.storedInputs, part.labels] { tensor.withContiguousBytes { hash.add($0) } }
    }
    let digits = try hash.hexadecimal().prefix(16)
    return
      "\(NumberFormat.grouped(data.train.count)) training and \(NumberFormat.grouped(data.test.count)) test images, "
      + "SHA-256 \(digits)"
  }
}
