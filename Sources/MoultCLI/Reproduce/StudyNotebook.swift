import Moult

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Stores each measurement of a study in a file of its own, so that a stopped study can be resumed.
///
/// A file is written atomically when its measurement is complete. It is read only if its recipe, data and version are
/// those of the study; otherwise results of different experiments would be averaged.
struct StudyNotebook {
  /// Where the files are.
  let folder: String
  /// The description of the data, which is stored with each measurement.
  let data: String
  /// Whether a measurement that is not stored is made; if not, asking for it throws ``Missing``.
  var measures = true
  /// The signal that asks a long measurement to end.
  let stopSignal: StopSignal
  /// Seconds between two checkpoints of a training.
  let checkpointInterval: Double
  /// Says how it goes.
  let message: (String) -> Void

  /// The error for a measurement that is not stored.
  struct Missing: Error {}

  /// A measurement as a file has it.
  private struct Page: Codable {
    let recipe: String
    let data: String
    let moult: String
    let measurement: Measurement
  }

  /// The measurement called `key`: the one that is remembered, else what `measure` gives.
  ///
  /// - Parameters:
  ///   - key: A name for a file, unique in the study.
  ///   - recipe: Everything that decides the result but the data.
  ///   - measure: Gets the path of a checkpoint that it may leave, and goes on from.
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

  /// Throws if somebody asked to stop.
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
