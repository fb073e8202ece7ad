import Foundation
import Moult
import MoultTestSupport
import Testing

/// The exit code of the doctor: 0 with notes at most, 1 with a warning or an error.
@Suite struct ExitCodeTests {
  private func diagnosed(_ options: [String]) throws -> (status: Int32, last: [String: Any]) {
    try Tool.withFolder { folder in
      try NPZ.write(["x": ManyRows.inputs, "y": Tensor(labels: ManyRows.labels)], to: folder + "/x.npz")
      let trained = try Tool.run(
        ["train", "x.npz", "--model", "4-16-3", "--epochs", "1", "--quiet", "--no-report", "--out", "run"] + options,
        folder: folder)
      try #require(trained.status == 0, "\(trained.error)")
      let result = try Tool.run(["doctor", "run", "--json", "--quiet"], folder: folder)
      return (result.status, try unwrapped(try result.json().last))
    }
  }

  @Test func notesAloneAreHealthy() throws {
    let (status, last) = try diagnosed([])
    expectTrue(status == 0 && last["healthy"] as? Bool == true)
    expectTrue(last["warnings"] as? Int == 0 && last["errors"] as? Int == 0 && (last["notes"] as? Int ?? 0) > 0)
  }

  @Test func warningsAloneEndWithOne() throws {
    let (status, last) = try diagnosed(["--dropout", "0"])
    expectTrue(status == 1 && last["healthy"] as? Bool == false)
    expectTrue((last["warnings"] as? Int ?? 0) > 0 && last["errors"] as? Int == 0)
  }
}
