import Foundation
import Moult
import MoultTestSupport
import Testing

@Suite struct InspectTests {
  private func inspect(_ tensors: [String: Tensor], _ options: [String] = []) throws -> Tool.Result {
    try Tool.withFolder { folder in
      try SafeTensors.write(tensors, metadata: ["made by": "a test"], to: folder + "/m.safetensors")
      return try Tool.run(["inspect", folder + "/m.safetensors"] + options)
    }
  }

  @Test func showsWhatIsInAFile() throws {
    let result = try inspect(["layer.weight": Tensor([[1, -2], [0.5, 8]]), "layer.bias": Tensor([0.25])])
    expectEqual(result.status, 0)
    expectEqual(
      result.lines,
      [
        "tensor        type  shape   parameters     min     max    mean  NaN  inf",
        "layer.bias    F32   [1]              1  0.2500  0.2500  0.2500    0    0",
        "layer.weight  F32   [2, 2]           4  -2.000   8.000   1.875    0    0",
        "2 tensors, 5 parameters, 20 bytes",
        "made by: a test",
      ])
  }

  @Test func countsWhatIsNotFiniteApart() throws {
    let json = try inspect(["x": Tensor([.nan, 1, .infinity, -.infinity, 3])], ["--json"]).json()
    expectTrue(json[0]["nan"] as? Int == 1)
    expectTrue(json[0]["infinite"] as? Int == 2)
    expectTrue(json[0]["min"] as? Double == 1 && json[0]["max"] as? Double == 3 && json[0]["mean"] as? Double == 2)
    expectTrue(json[1]["event"] as? String == "file")
    expectTrue(json[1]["parameters"] as? Int == 5)
    expectEqual(json[1]["metadata"] as? [String: String], ["made by": "a test"])
  }

  @Test func emptyTensorsHaveNoStatistics() throws {
    let result = try inspect(["nothing": Tensor([Float](), shape: [0, 3])])
    expectTrue(result.lines[1].hasPrefix("nothing  F32   [0, 3]           0    -    -     -"))
  }

  @Test func bytesThatSteerATerminalAreShownNotSent() throws {
    try Tool.withFolder { folder in
      let evil = "\u{1B}[31m\u{7F}\u{9B}2J\n"
      try SafeTensors.write(
        ["x" + evil: Tensor([1])], metadata: ["key" + evil: "value" + evil], to: folder + "/m\u{1B}.safetensors")
      let controls = { (text: String) in
        text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control }
      }
      let table = try Tool.run(["inspect", "m\u{1B}.safetensors"], folder: folder)
      expectEqual(table.status, 0)
      expectTrue(!controls(table.text))
      let shown = #"\u{1B}[31m\u{7F}\u{9B}2J\u{A}"#
      expectTrue(table.lines.contains { $0.hasPrefix("x" + shown + "  F32") }, "\(table.text)")
      expectEqual(table.lines.last, "key" + shown + ": value" + shown)
      let json = try Tool.run(["inspect", "m\u{1B}.safetensors", "--json"], folder: folder)
      expectTrue(!controls(json.text))
      try expectTrue(json.json()[0]["name"] as? String == "x" + evil)
      let error = try Tool.run(["inspect", "no\u{1B}[31m\nsuch"], folder: folder).error
      expectEqual(
        error,
        "Error: no\\u{1B}[31m\\u{A}such: expected a file that can be read; is the path right? "
          + "(No such file or directory)\n"
      )
    }
  }

  /// The mean, as minimum and maximum, is that of the finite values.
  @Test func valuesThatAreNotFiniteAreCountedApart() throws {
    let json = try inspect(["x": Tensor([1, .nan, 3, .infinity, 8, -.infinity])], ["--json"]).json()
    expectTrue(json[0]["min"] as? Double == 1 && json[0]["max"] as? Double == 8 && json[0]["mean"] as? Double == 4)
    expectTrue(json[0]["nan"] as? Int == 1 && json[0]["infinite"] as? Int == 2)
  }

  @Test func theMeanOfTheGreatestNumbersIsFinite() throws {
    let numbers = Tensor([1.5e308, 1.7e308, 1.6e308] as [Double], shape: [3])
    let json = try inspect(["x": numbers], ["--json"]).json()
    let mean = try unwrapped(json[0]["mean"] as? Double)
    expectLess(abs(mean / 1.6e308 - 1), 1e-12)
  }
}
