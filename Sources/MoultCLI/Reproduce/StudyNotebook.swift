import Moult

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Stores each measurement of a study in a file of its own, so that an interrupted study can be resumed.
///
/// A file is written atomically when its measurement is complete. It is used only if its recipe, data and version are
/// those of the study; otherwise results of different experiments would be averaged.
struct StudyNotebook {
  /// The folder of the files.
  let folder: String
  /// The description of the data, which is stored with each measurement.
  let data: String
  /// Whether a missing measurement is made. If not, requesting it throws ``Missing``.
  var measures = true
  /// The signal that stops a measurement.
  let stopSignal: StopSignal
  /// The time between two checkpoints of a training, in seconds.
  let checkpointInterval: Double
  /// Called with messages about the progress.
  let message: (String) -> Void

  /// The error for a measurement that is not stored.
  struct Missing: Error {}

  /// The content of a file.
  private struct Page: Codable {
    let recipe: String
    let data: String
    let moult: String
    let measurement: Measurement
  }

  /// Returns the measurement called `key`: the stored one, otherwise the result of `measure`, which is then stored.
  ///
  /// - Parameters:
  ///   - key: The name of the file without extension, unique in the study.
  ///   - recipe: All settings that determine the result, except the data.
  ///   - measure: Makes the measurement. It gets the path of a checkpoint that it can write, and resume from.
  ///   - Throws: `.usage` if the stored measurement has another recipe, data or version; ``Missing`` if it is not
  ///     stored and must not be made.
  func measurement(
    _ key: String, recipe: String, _ measure: (_ checkpoint: String) throws -> Measurement
  ) throws -> Measurement {
    let path = "\(folder)/\(key).json", checkpoint = "\(folder)/\(key).safetensors"
    if let page = try read(path) {
      guard page.recipe == recipe, page.data == data, page.moult == ToolVersion.text else {
        if !measures { throw Missing() }
        throw MoultError(
          .usage,
          "expected a figure of the same recipe, data and version, got one of '\(page.recipe)' on \(page.data), version "
            + "\(page.moult); choose another folder with --out, or remove this one",
          location: path)
      }
      return page.measurement
    }
    guard measures else { throw Missing() }
    try checkStop()
    let measurement = try measure(checkpoint)
    let values = measurement.values.sorted { $0.key < $1.key }
    let text: JSONOutput = [
      "recipe": .string(recipe), "data": .string(data), "moult": .string(ToolVersion.text),
      "measurement": [
        "values": .object(values.map { .init(key: $0.key, value: .number($0.value)) }),
        "steps": .integer(measurement.steps), "seconds": .number(measurement.seconds),
      ],
    ]
    try AtomicFile.write(Array(text.indented.utf8), to: path)
    try? FileManager.default.removeItem(atPath: checkpoint)
    return measurement
  }

  /// Throws `.interrupted` if a signal has requested to stop.
  func checkStop() throws(MoultError) {
    if let signal = stopSignal.requestedSignal { throw MoultError(.interrupted(signal: signal), "interrupted") }
  }

  private func read(_ path: String) throws(MoultError) -> Page? {
    guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
    do { return try JSONDecoder().decode(Page.self, from: bytes) } catch {
      throw MoultError(
        .badData, "expected a figure of a study; remove the file to measure it again", location: path)
    }
  }
}
